import { useEffect, useRef, useState } from 'react';
import type { ConclusionDraft, Incident } from '../../../server/contracts/incidents.ts';
import { saveConclusionDraft } from '../../api/incidents.ts';
import type { StepDraft } from './draft.ts';

const SAVE_AFTER_MS = 1_500;
type Written = Pick<StepDraft, 'reason' | 'conclusion'>;

/**
 * Keeps the conclusion that is being written on the server, too, where the other offices find it. Where the server cannot be
 * reached, the draft of this machine is all there is.
 * @returns when the server last took it, and what somebody wrote that is not what stands here
 */
export function useSharedDraft(
  incident: Pick<Incident, 'id' | 'draft'>,
  { reason, conclusion }: Written,
  active: boolean,
): { savedAtMs: number | null; other: ConclusionDraft | null } {
  const written = JSON.stringify({ text: reason, conclusion });
  const opened = useRef(written);
  const [saved, setSaved] = useState<{ written: string; atMs: number } | null>(null);
  useEffect(() => {
    if (!active || written === opened.current) return;
    const timer = setTimeout(() => {
      opened.current = written;
      saveConclusionDraft(incident.id, JSON.parse(written)).then(
        () => setSaved({ written, atMs: Date.now() }),
        () => setSaved(null),
      );
    }, SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [active, written, incident.id]);
  const { draft } = incident;
  const same = draft !== null && draft.text === reason && draft.conclusion === conclusion;
  return {
    savedAtMs: saved?.written === written ? saved.atMs : null,
    // Once one's own has been taken, the server has nothing else.
    other: draft === null || same || saved !== null ? null : draft,
  };
}
