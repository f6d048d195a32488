import { useTranslation } from 'react-i18next';

/** Why a delivery failed, in words, with what the other side said. */
export function useFailureText(): (failure: { code: string; detail: string }) => string {
  const { t, i18n } = useTranslation('notices');
  return ({ code, detail }) => {
    const key = `outbox.failures.${code}`;
    const words = i18n.exists(`notices:${key}`) ? t(key) : code;
    return detail === '' ? words : `${words}: ${detail}`;
  };
}
