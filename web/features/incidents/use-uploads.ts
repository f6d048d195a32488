import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/client.ts';
import { uploadAttachment } from '../../api/incidents.ts';
import { useErrorText } from '../../components/error-text.ts';
import { formatBytes } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import { LARGEST_WORDS, MOST_FILES, refuseFile, typeOf } from './case-files-policy.ts';
import type { StepDraft } from './draft.ts';

interface Running {
  key: string;
  name: string;
  size: number;
  /** How much of it has been sent, 0 to 1. */
  share: number;
  /** Why it is not attached, in words; null while it is being sent. */
  problem: string | null;
  /** Sends it once more; null where that cannot help. */
  again: (() => void) | null;
}

type Taken = StepDraft['files'];
export interface Uploads {
  /** What the server has taken. */
  files: Taken;
  running: readonly Running[];
  /** Whether something is still being sent; failed: whether something was not, and may yet be. */
  busy: boolean;
  failed: boolean;
  add: (files: readonly File[]) => void;
  /** Stops one that is being sent, or puts away one that was refused. */
  stop: (key: string) => void;
  /** Takes away one that the server has; it lets go of it by itself. */
  remove: (id: string) => void;
}

let lastKey = 0;

/** Sends files as they are chosen, with the draft as the place of those that have arrived. */
export function useUploads(
  incidentId: string,
  files: Taken,
  onFiles: (change: (now: Taken) => Taken) => void,
): Uploads {
  const { t } = useTranslation('incidents');
  const lang = useLang();
  const errorText = useErrorText();
  const [running, setRunning] = useState<readonly Running[]>([]);
  const stops = useRef(new Map<string, AbortController>());
  useEffect(() => {
    const all = stops.current;
    return () => {
      for (const stop of all.values()) stop.abort();
    };
  }, []);

  const change = (key: string, part: Partial<Running>) =>
    setRunning((now) => now.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const drop = (key: string) => setRunning((now) => now.filter((one) => one.key !== key));

  const send = (key: string, file: File) => {
    const stop = new AbortController();
    stops.current.set(key, stop);
    change(key, { share: 0, problem: null, again: null });
    uploadAttachment(incidentId, file, typeOf(file.name) ?? file.type, {
      signal: stop.signal,
      onProgress: (share) => change(key, { share }),
    })
      .then(
        (taken) => {
          drop(key);
          onFiles((now) => [...now, taken]);
        },
        (error: unknown) => {
          if (stop.signal.aborted) drop(key);
          else {
            // What the server will not have, it will not have the second time.
            const again = error instanceof ApiError && error.retryable ? () => send(key, file) : null;
            change(key, { problem: errorText(error), again });
          }
        },
      )
      .finally(() => stops.current.delete(key));
  };

  return {
    files,
    running,
    busy: running.some(({ problem }) => problem === null),
    failed: running.some(({ again }) => again !== null),
    add: (chosen) => {
      const present = [
        ...files,
        ...running.filter(({ problem }) => problem === null).map(({ name, size }) => ({ name, sizeBytes: size })),
      ];
      for (const file of chosen) {
        const key = String(++lastKey);
        const refusal = refuseFile(file, present);
        const words =
          refusal === null
            ? null
            : t(`files.refused.${refusal}`, {
                size: formatBytes(file.size, lang),
                most: LARGEST_WORDS,
                count: MOST_FILES,
              });
        setRunning((now) => [...now, { key, name: file.name, size: file.size, share: 0, problem: words, again: null }]);
        if (refusal !== null) continue;
        present.push({ name: file.name, sizeBytes: file.size });
        send(key, file);
      }
    },
    stop: (key) => {
      stops.current.get(key)?.abort();
      drop(key);
    },
    remove: (id) => onFiles((now) => now.filter((file) => file.id !== id)),
  };
}
