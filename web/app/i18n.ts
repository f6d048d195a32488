import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Lang } from '../components/time.ts';

const STORED = 'lienthong.lang';

/** The texts of one language are two pieces of code, for the first pages and for the others; another language is fetched when it is first chosen. */
const load = {
  vi: { first: () => import('../locales/vi.ts'), rest: () => import('../locales/vi-rest.ts') },
  en: { first: () => import('../locales/en.ts'), rest: () => import('../locales/en-rest.ts') },
} as const;
/** Whether any page has asked for the others. */
let restAsked = false;

function storedLang(): Lang {
  try {
    return localStorage.getItem(STORED) === 'en' ? 'en' : 'vi';
  } catch {
    return 'vi';
  }
}

async function addTexts(lang: Lang, part: 'first' | 'rest'): Promise<void> {
  const { texts } = await load[lang][part]();
  for (const [path, namespace] of Object.entries(texts)) {
    const name = /([^/]+)\.json$/.exec(path)?.[1];
    if (name !== undefined) i18next.addResourceBundle(lang, name, namespace);
  }
}

/** Makes the texts of every page ready; awaited before a page is shown that is not among the first. */
export async function restTexts(): Promise<void> {
  restAsked = true;
  await addTexts(i18next.language === 'en' ? 'en' : 'vi', 'rest');
}

/** Makes the texts of the first pages ready in the language that was chosen last on this machine; awaited before anything is shown. */
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
  await addTexts(lang, 'first');
  document.documentElement.lang = lang;
}

/** Switches the language at once and remembers it on this machine. */
export async function setLang(lang: Lang): Promise<void> {
  await Promise.all([addTexts(lang, 'first'), restAsked && addTexts(lang, 'rest')]);
  await i18next.changeLanguage(lang);
  document.documentElement.lang = lang;
  try {
    localStorage.setItem(STORED, lang);
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page.
  }
}
