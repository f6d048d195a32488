import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';

/** Puts an error into words: what happened and what to do. Knows the codes under `common:error`, else takes the server's words. */
export function useErrorText(): (error: unknown) => string {
  const { t, i18n } = useTranslation();
  return (error) => {
    if (!(error instanceof ApiError)) return t('error.unknown');
    const key = `error.${error.code}`;
    if (i18n.exists(key)) return t(key);
    if (error.code.startsWith('http_') || error.message === '') return t('error.unknown');
    return error.message;
  };
}
