import { useTranslation } from 'react-i18next';
import type { PartHealth } from '../../../server/contracts/camera-health.ts';
import { useSpanText } from '../../components/span-text.ts';

/** What a part of a camera's health says in words: how it is, and what to do where it is in trouble. */
export function useHealthWords(): (part: Pick<PartHealth, 'part' | 'state' | 'cause' | 'detail'>) => {
  says: string;
  todo: string | null;
} {
  const { t, i18n } = useTranslation(['health', 'common']);
  const span = useSpanText();
  const causeWords = (cause: string | null): string => {
    for (const key of [`health:cause.${cause}`, `common:cause.${cause}`]) {
      if (i18n.exists(key)) return t(key).replace(/\.$/, '');
    }
    return t('cause.unknown');
  };
  return ({ part, state, cause, detail }) => {
    if (state === 'good') return { says: t(`good.${part}`), todo: null };
    if (state === 'blocked') return { says: t('blocked', { part: t(`part.${cause}`) }), todo: null };
    if (state === 'unknown') return { says: cause === null ? t('unknown') : causeWords(cause), todo: null };
    if (state === 'off') return { says: cause === null ? t('off') : causeWords(cause), todo: null };
    const off = detail === null ? null : t(detail > 0 ? 'clockAhead' : 'clockBehind', { span: span(Math.abs(detail)) });
    const says = cause === 'clock_wrong' && off !== null ? off : causeWords(cause);
    const key = `health:todo.${cause}`;
    return { says, todo: i18n.exists(key) ? t(key) : t('todo.other') };
  };
}
