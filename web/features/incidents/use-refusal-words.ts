import { useTranslation } from 'react-i18next';
import type { Incident, StepVerdict } from '../../../server/contracts/incidents.ts';
import { reachOf, useMe } from '../../api/session.ts';
import { formatShort } from '../../components/time.ts';

/** Why a step is refused and from when on it will not be, in words for the reader's role. */
export function useRefusalWords(): (
  verdict: StepVerdict,
  incident: Pick<Incident, 'state' | 'dueAtMs' | 'history'>,
) => string {
  const { t, i18n } = useTranslation('incidents');
  const ofUnit = reachOf(useMe().data, 'play_back') !== 'city';
  return ({ step, refusal, untilMs }, { state, dueAtMs, history }) => {
    const until = untilMs ?? dueAtMs;
    const date = until === null ? '' : formatShort(until);
    const unanswered = state === 'awaiting_conclusion' && history.some(({ step: taken }) => taken === 'proceed');
    const waiting = unanswered ? 'waiting.unanswered' : `waiting.${state}`;
    if (refusal === 'not_permitted' && ofUnit && i18n.exists(`incidents:${waiting}`)) return t(waiting);
    const own = `refusal.${refusal}_${step}`;
    if (i18n.exists(`incidents:${own}`)) return t(own, { date });
    const known = `refusal.${refusal}`;
    return i18n.exists(`incidents:${known}`) ? t(known, { date }) : t('refusal.other');
  };
}
