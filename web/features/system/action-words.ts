import { useTranslation } from 'react-i18next';

/** Paths of every text below a branch of a locale: `{ session: { created: '…' } }` → `session.created`. */
export function leafPaths(branch: unknown, prefix = ''): string[] {
  if (typeof branch === 'string') return [prefix];
  if (typeof branch !== 'object' || branch === null) return [];
  return Object.entries(branch).flatMap(([key, value]) => leafPaths(value, prefix === '' ? key : `${prefix}.${key}`));
}

/** The actions of the log that have words, and the words of any action; one without words stays its code. */
export function useActionWords() {
  const { t, i18n } = useTranslation('system');
  const known = leafPaths(t('actions', { returnObjects: true }));
  const word = (action: string) => (i18n.exists(`system:actions.${action}`) ? t(`actions.${action}`) : action);
  return { known, word };
}
