import { useCallback, useEffect, useRef, useState } from 'react';
import { z } from 'zod';
import { appealOutcome, attachment, conclusion } from '../../../server/contracts/incidents.ts';
import { DAY_MS } from '../../components/time.ts';

/** What a person has written for one step of a case and not sent; what cannot be read of it is as if it were not there. */
export const stepDraft = z.object({
  reason: z.string().max(4000).catch(''),
  /** Null while it is the flag's own note. */
  finding: z.string().max(4000).nullable().catch(null),
  conclusion: conclusion.nullable().catch(null),
  outcome: appealOutcome.nullable().catch(null),
  category: z.string().max(8).nullable().catch(null),
  severity: z
    .union([z.literal(1), z.literal(2), z.literal(3)])
    .nullable()
    .catch(null),
  /** The case that this one repeats. */
  duplicateOf: z.object({ id: z.string(), number: z.string() }).nullable().catch(null),
  /** Files that the server has taken already. */
  files: z.array(attachment).max(10).catch([]),
  stretches: z
    .array(z.object({ cameraId: z.string(), cameraName: z.string(), fromMs: z.number(), toMs: z.number() }))
    .max(20)
    .catch([]),
});
export type StepDraft = z.infer<typeof stepDraft>;

const stored = z.object({ savedAtMs: z.number(), steps: z.record(z.string(), stepDraft) });
/** What changes of a draft; a function where it builds on what there is. */
export type DraftChange = Partial<StepDraft> | ((now: StepDraft) => Partial<StepDraft>);

interface Drafts {
  /** When they were last saved; null when there is nothing to save. */
  savedAtMs: number | null;
  steps: Readonly<Record<string, StepDraft>>;
}

const NONE: Drafts = { savedAtMs: null, steps: {} };
const SAVE_AFTER_MS = 400;
const KEPT_MS = 30 * DAY_MS;
const PREFIX = 'lienthong.case-draft.';

export const emptyDraft = (): StepDraft => ({
  reason: '',
  finding: null,
  conclusion: null,
  outcome: null,
  category: null,
  severity: null,
  duplicateOf: null,
  files: [],
  stretches: [],
});

/** Whether nothing was written or chosen; an emptied finding was. */
export function isEmptyDraft({ reason, files, stretches, ...choices }: StepDraft): boolean {
  const chosen = Object.values(choices).some((choice) => choice !== null);
  return reason === '' && files.length === 0 && stretches.length === 0 && !chosen;
}

/** Reads stored drafts; anything else is none. */
export function parseDrafts(text: string | null): Drafts {
  try {
    const parsed = stored.safeParse(JSON.parse(text ?? 'null'));
    return parsed.success ? parsed.data : NONE;
  } catch {
    return NONE;
  }
}

/** Drafts with one step's changed; a step with nothing in it is left out. */
export function withStep(drafts: Drafts, step: string, draft: StepDraft): Drafts['steps'] {
  const { [step]: _, ...others } = drafts.steps;
  return isEmptyDraft(draft) ? others : { ...others, [step]: draft };
}

/** Whether drafts were last touched so long ago that nobody will go on with them. */
export const isForgotten = ({ savedAtMs }: Pick<Drafts, 'savedAtMs'>, nowMs: number): boolean =>
  savedAtMs !== null && nowMs - savedAtMs > KEPT_MS;

/** What was written about people does not stay on a machine for good. */
function forgetOld(nowMs: number): void {
  const keys = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i) ?? '');
  for (const key of keys.filter((one) => one.startsWith(PREFIX)))
    if (isForgotten(parseDrafts(localStorage.getItem(key)), nowMs)) localStorage.removeItem(key);
}

function load(key: string): Drafts {
  try {
    forgetOld(Date.now());
    return parseDrafts(localStorage.getItem(key));
  } catch {
    return NONE;
  }
}

function store(key: string, steps: Drafts['steps'], nowMs: number): Drafts {
  try {
    if (Object.keys(steps).length === 0) {
      localStorage.removeItem(key);
      return NONE;
    }
    localStorage.setItem(key, JSON.stringify({ savedAtMs: nowMs, steps }));
    return { savedAtMs: nowMs, steps };
  } catch {
    // Without storage it lives as long as the page.
    return { savedAtMs: null, steps };
  }
}

/** Drafts of one person for one case, a step each, that save themselves on this machine shortly after each change. */
export function useDrafts(personId: string, incidentId: string) {
  const key = `${PREFIX}${personId}.${incidentId}`;
  const [drafts, setDrafts] = useState(() => load(key));
  const [pending, setPending] = useState(false);
  const latest = useRef({ drafts, pending });
  latest.current = { drafts, pending };

  useEffect(() => {
    if (!pending) return;
    const save = () => {
      setPending(false);
      setDrafts((now) => store(key, now.steps, Date.now()));
    };
    const timer = setTimeout(save, SAVE_AFTER_MS);
    window.addEventListener('pagehide', save);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pagehide', save);
    };
  }, [pending, key]);
  // Leaving the case before the timer has run keeps what was typed.
  useEffect(
    () => () => {
      if (latest.current.pending) store(key, latest.current.drafts.steps, Date.now());
    },
    [key],
  );

  const change = useCallback((step: string, part: DraftChange) => {
    setDrafts((now) => {
      const before = now.steps[step] ?? emptyDraft();
      return {
        ...now,
        steps: withStep(now, step, { ...before, ...(typeof part === 'function' ? part(before) : part) }),
      };
    });
    setPending(true);
  }, []);
  const clear = useCallback(
    (step: string) => {
      setPending(false);
      setDrafts((now) => store(key, withStep(now, step, emptyDraft()), Date.now()));
    },
    [key],
  );
  return {
    savedAtMs: drafts.savedAtMs,
    of: (step: string) => drafts.steps[step] ?? emptyDraft(),
    change,
    clear,
  };
}
