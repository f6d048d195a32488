import { useTranslation } from 'react-i18next';
import type { Lang } from './time.ts';

/** The language that the console speaks now. */
export function useLang(): Lang {
  return useTranslation().i18n.language === 'en' ? 'en' : 'vi';
}
