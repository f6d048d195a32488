import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Lang } from '../components/time.ts';

const STORED = 'lienthong.lang';

/** The texts of one language are one piece of code; the other language is fetched when it is first chosen. */
const load = {
  vi: () => import('../locales/vi.ts'),
  en: () => import('../locales/en.ts'),
} as const;

function storedLang(): Lang {
  try {
    return localStorage.getItem(STORED) === 'en' ? 'en' : 'vi';
  } catch {
    return 'vi';
  }
}

async function addTexts(lang: Lang): Promise<void> {
  const { texts } = await load[lang]();
  for (const [path, namespace] of Object.entries(texts)) {
    const name = /([^/]+)\.json$/.exec(path)?.[1];
    if (name !== undefined) i18next.addResourceBundle(lang, name, namespace);
  }
}

/** Makes the texts ready in the language that was chosen last on this machine; awaited before anything is shown. */
export async function startTexts(): Promise<void> {
  const lang = storedLang();
  await i18next.use(initReactI18next).init({
    lng: lang,
    resources: {},
    defaultNS: 'common',
    fallbackNS: 'common',
    interpolation: { escapeValue: false },
    returnNull: false,
    react: { useSuspense: false },
  });
  await addTexts(lang);
  document.documentElement.lang = lang;
}

/** Switches the language at once and remembers it on this machine. */
export async function setLang(lang: Lang): Promise<void> {
  await addTexts(lang);
  await i18next.changeLanguage(lang);
  document.documentElement.lang = lang;
  try {
    localStorage.setItem(STORED, lang);
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page.
  }
}
