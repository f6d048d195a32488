import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Lang } from '../components/time.ts';

const STORED = 'lienthong.lang';
const files = import.meta.glob<Record<string, unknown>>('../locales/*/*.json', { eager: true, import: 'default' });

const resources: Record<string, Record<string, Record<string, unknown>>> = {};
for (const [path, texts] of Object.entries(files)) {
  const [, lang, namespace] = /locales\/([^/]+)\/([^/]+)\.json$/.exec(path) ?? [];
  if (lang === undefined || namespace === undefined) continue;
  resources[lang] = { ...resources[lang], [namespace]: texts };
}

function storedLang(): Lang {
  try {
    return localStorage.getItem(STORED) === 'en' ? 'en' : 'vi';
  } catch {
    return 'vi';
  }
}

void i18next.use(initReactI18next).init({
  resources,
  lng: storedLang(),
  fallbackLng: 'vi',
  defaultNS: 'common',
  fallbackNS: 'common',
  initAsync: false,
  interpolation: { escapeValue: false },
  returnNull: false,
});
document.documentElement.lang = i18next.language;

/** Switches the language at once and remembers it on this machine. */
export function setLang(lang: Lang): void {
  void i18next.changeLanguage(lang);
  document.documentElement.lang = lang;
  try {
    localStorage.setItem(STORED, lang);
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page.
  }
}

export { i18next };
