import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident, IncidentStep } from '../../../server/contracts/incidents.ts';
import { ApiError } from '../../api/client.ts';
import { type IncidentStepInput, useIncidentStep } from '../../api/incidents.ts';
import { useMe } from '../../api/session.ts';
import { toast } from '../../components/toast.tsx';
import { missingOf, type StepField, stepInput } from './case-step-policy.ts';
import { type DraftChange, isEmptyDraft, useDrafts } from './draft.ts';

/**
 * Takes steps on a case with drafts that outlive the page, one for each step. A step is sent with the version that the reader
 * decided on: when others change the case meanwhile, it is `stale` until the reader has `seen` what changed, and what was typed
 * stays. `step` is the one whose form is open; `onStale` fetches the case anew, `onDone` follows a step that was taken.
 */
export function useCaseStep(
  incident: Incident,
  step: IncidentStep | null,
  { onStale, onDone }: { onStale: () => void; onDone: () => void },
) {
  const { t } = useTranslation(['incidents', 'common']);
  const drafts = useDrafts(useMe().data?.id ?? '', incident.id);
  const send = useIncidentStep();
  const [base, setBase] = useState(incident);
  const [conflict, setConflict] = useState(false);
  const [tried, setTried] = useState<IncidentStep | null>(null);
  const [error, setError] = useState<unknown>(null);
  const draft = drafts.of(step ?? '');
  const empty = isEmptyDraft(draft);
  const stale = incident.version > base.version && !send.isPending && (conflict || !empty);

  const submit = (input: IncidentStepInput, done: string) =>
    send.mutate(input, {
      onSuccess: (changed) => {
        drafts.clear(input.step);
        setBase(changed);
        setConflict(false);
        setTried(null);
        toast({ kind: 'done', title: done, text: changed.number });
        onDone();
      },
      onError: (failure) => {
        if (failure instanceof ApiError && failure.code === 'version_conflict') {
          setBase(empty ? incident : base);
          setConflict(true);
          onStale();
          return;
        }
        setError(failure);
        // What is refused now may have been allowed by what is shown: a term has passed, a right was taken.
        if (failure instanceof ApiError && (failure.status === 403 || failure.status === 409)) onStale();
      },
    });
  /** The version that was decided on: whoever has written nothing decides on what is shown now. */
  const version = empty && !conflict ? incident.version : base.version;

  return {
    draft,
    drafts,
    base,
    stale,
    error,
    pending: send.isPending,
    missing: step === null || tried !== step ? new Set<StepField>() : missingOf(step, draft, incident),
    change: (part: DraftChange) => {
      if (step === null) return;
      // Whoever begins to write decides on what is shown now.
      if (empty && !conflict) setBase(incident);
      setError(null);
      drafts.change(step, part);
    },
    seen: () => {
      setBase(incident);
      setConflict(false);
      setTried(null);
      setError(null);
    },
    /** Whether the step could be sent as it stands; marks what is missing. */
    ready: (): boolean => {
      setTried(step);
      setError(null);
      return step !== null && !stale && missingOf(step, draft, incident).size === 0;
    },
    send: () => {
      const input = step === null || stale ? null : stepInput(step, draft, incident, version);
      if (input !== null) submit(input, t(`done.${input.step}`));
    },
    assign: (assigneeId: string | null) => {
      if (stale) return;
      setError(null);
      submit(
        { id: incident.id, version, step: 'assign', assigneeId, reason: draft.reason.trim() },
        t(assigneeId === null ? 'done.unassign' : 'done.assign'),
      );
    },
  };
}

export type CaseStep = ReturnType<typeof useCaseStep>;
