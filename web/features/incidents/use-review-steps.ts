import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident } from '../../../server/contracts/incidents.ts';
import { ApiError } from '../../api/client.ts';
import { type IncidentStepInput, useIncidentStep } from '../../api/incidents.ts';
import { useErrorText } from '../../components/error-text.ts';
import { DECISIONS, type Decision } from './review-policy.ts';

type WithoutCase<T> = T extends unknown ? Omit<T, 'id' | 'version'> : never;
export type ReviewStep = WithoutCase<IncidentStepInput>;

export interface ReviewSteps {
  take: (step: ReviewStep, onTaken?: () => void) => void;
  forget: () => void;
  pending: boolean;
  /** Why the last step on this case was refused, in words; null when it was not. */
  error: string | null;
  /** What was done to this case last, in words. */
  done: string | null;
}

/** Takes steps on the shown case with the version that is shown; a decision goes on to the next case by itself. */
export function useReviewSteps(
  incident: Incident,
  { onDecide, onStale }: { onDecide: (decision: Decision) => void; onStale: () => void },
): ReviewSteps {
  const { t } = useTranslation(['queue', 'incidents']);
  const words = useErrorText();
  const send = useIncidentStep();
  const [told, setTold] = useState<{ id: string; error?: string; done?: string } | null>(null);
  const { id, version } = incident;
  const take = (step: ReviewStep, onTaken?: () => void) => {
    if (send.isPending) return;
    setTold(null);
    send.mutate({ ...step, id, version } as IncidentStepInput, {
      onSuccess: () => {
        onTaken?.();
        setTold({ id, done: t(`incidents:done.${step.step}`) });
        const decision = DECISIONS.find((one) => one === step.step);
        if (decision !== undefined) onDecide(decision);
      },
      onError: (error) => {
        const stale = error instanceof ApiError && error.code === 'version_conflict';
        setTold({ id, error: stale ? t('review.stale') : words(error) });
        if (error instanceof ApiError && error.status === 409) onStale();
      },
    });
  };
  const own = told?.id === id ? told : null;
  return {
    take,
    forget: () => setTold(null),
    pending: send.isPending,
    error: own?.error ?? null,
    done: own?.done ?? null,
  };
}
