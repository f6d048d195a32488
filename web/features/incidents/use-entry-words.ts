import { useTranslation } from 'react-i18next';
import type { IncidentEntry, Superior } from '../../../server/contracts/incidents.ts';
import { formatDateTime } from '../../components/time.ts';

const STEPS = new Set([
  'flag',
  'verify',
  'request_explanation',
  'explain',
  'proceed',
  'conclude',
  'dismiss',
  'refer',
  'mark_duplicate',
  'merge',
  'correct',
  'assign',
  'appeal',
  'judge_appeal',
  'close',
  'escalate',
  'term_changed',
]);

/** Says what one entry of a history was: `Phòng Nội vụ nhận xác minh`; without the office where the reader may not know it. */
export function useEntryWords(): (entry: IncidentEntry) => string {
  const { t, i18n } = useTranslation(['incidents', 'common']);
  const roleName = (role: string, otherwise: string) =>
    i18n.exists(`common:role.${role}`) ? t(`common:role.${role}`) : otherwise;
  const superiorName = (superior: Superior | null | undefined) =>
    superior === null || superior === undefined
      ? ''
      : 'role' in superior
        ? roleName(superior.role, superior.role)
        : superior.username;
  return (entry) => {
    const { by, toState, conclusion, details, system } = entry;
    const role = system ? t('common:role.system') : by === null ? '' : roleName(by.role, by.name);
    const values = {
      role,
      state: t(`common:incidentState.${toState}`),
      kind: conclusion === null ? '' : t(`common:conclusion.${conclusion}`),
      number: details.other?.number ?? '',
      name: details.assignee?.name ?? '',
      outcome: details.outcome === undefined ? '' : t(`outcome.${details.outcome}`),
      superior: superiorName(details.superior),
      before: details.term === undefined ? '' : formatDateTime(details.term.from),
      after: details.term === undefined ? '' : formatDateTime(details.term.to),
    };
    const key = keyOf(entry, values.superior);
    return t(role === '' ? `history.plain.${key}` : `history.${key}`, values);
  };
}

function keyOf({ step, conclusion, details, system }: IncidentEntry, superior: string): string {
  if (!STEPS.has(step)) return system ? 'system' : 'other';
  if (step === 'conclude' && conclusion !== null) return 'concludeAs';
  if (step === 'assign' && (details.assignee === null || details.assignee === undefined)) return 'unassign';
  return step === 'escalate' && superior === '' ? 'overdue' : step;
}
