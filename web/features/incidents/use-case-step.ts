import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident, IncidentStep } from '../../../server/contracts/incidents.ts';
import { ApiError } from '../../api/client.ts';
import { type IncidentStepInput, useIncidentStep } from '../../api/incidents.ts';
import { useMe } from '../../api/session.ts';
import { toast } from '../../components/toast.tsx';
import { type Draft, useDraft } from './draft.ts';

type Missing = 'reason' | 'conclusion';

/** What a step needs and the draft does not have. */
export function missingOf(step: IncidentStep, draft: Pick<Draft, 'reason' | 'conclusion'>): Set<Missing> {
  const missing = new Set<Missing>();
  if (step !== 'verify' && draft.reason.trim() === '') missing.add('reason');
  if (step === 'conclude' && draft.conclusion === null) missing.add('conclusion');
  return missing;
}

/**
 * Takes steps on a case with a draft that outlives the page. A step is sent with the version that the reader decided on: when
 * others change the case meanwhile, it is `stale` until the reader has `seen` what changed, and what was typed stays.
 * `onStale` fetches the case anew.
 */
export function useCaseStep(incident: Incident, onStale: () => void) {
  const { t } = useTranslation(['incidents', 'common']);
  const personId = useMe().data?.id ?? '';
  const { draft, change, clear } = useDraft(personId, incident.id);
  const step = useIncidentStep();
  const [base, setBase] = useState(incident);
  const [conflict, setConflict] = useState(false);
  const [tried, setTried] = useState<IncidentStep | null>(null);
  const [error, setError] = useState<unknown>(null);
  const empty = draft.reason === '' && draft.conclusion === null;
  const stale = incident.version > base.version && !step.isPending && (conflict || !empty);

  const send = (which: IncidentStep) => {
    setTried(which);
    setError(null);
    if (stale || missingOf(which, draft).size > 0) return;
    const { version } = empty && !conflict ? incident : base;
    const common = { id: incident.id, version, reason: draft.reason.trim() };
    const input: IncidentStepInput =
      which === 'conclude' && draft.conclusion !== null
        ? { ...common, step: 'conclude', conclusion: draft.conclusion }
        : { ...common, step: which === 'verify' ? 'verify' : 'dismiss' };
    step.mutate(input, {
      onSuccess: (changed) => {
        clear();
        setBase(changed);
        setTried(null);
        toast({ kind: 'done', title: t(`done.${which}`), text: changed.number });
      },
      onError: (failure) => {
        if (failure instanceof ApiError && failure.status === 409) {
          setBase(empty ? incident : base);
          setConflict(true);
          onStale();
        } else setError(failure);
      },
    });
  };

  return {
    draft,
    base,
    stale,
    error,
    pending: step.isPending,
    missing: tried === null ? new Set<Missing>() : missingOf(tried, draft),
    change: (part: Partial<Pick<Draft, 'reason' | 'conclusion'>>) => {
      // Whoever begins to write decides on what is shown now.
      if (empty && !conflict) setBase(incident);
      change(part);
    },
    seen: () => {
      setBase(incident);
      setConflict(false);
      setTried(null);
    },
    send,
  };
}
