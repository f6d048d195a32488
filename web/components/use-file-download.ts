import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type DownloadedFile, save } from '../api/download.ts';
import { useErrorText } from './error-text.ts';
import { toast } from './toast.tsx';

/** Has a file made and saved, one at a time; tells whether one is on its way, what came, and why nothing came. A page that is left ends it. */
export function useFileDownload(): [
  busy: boolean,
  get: (fetch: (signal: AbortSignal) => Promise<DownloadedFile>) => void,
] {
  const { t } = useTranslation('reports');
  const errorText = useErrorText();
  const [busy, setBusy] = useState(false);
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);
  const get = useCallback(
    (fetch: (signal: AbortSignal) => Promise<DownloadedFile>) => {
      if (running.current !== null) return;
      const abort = new AbortController();
      running.current = abort;
      setBusy(true);
      fetch(abort.signal)
        .then(
          (file) => {
            save(file);
            toast({ kind: 'done', title: t('saved', { name: file.name }) });
          },
          (error: unknown) => {
            if (abort.signal.aborted) return;
            toast({
              kind: 'error',
              title: t('failed'),
              text: errorText(error),
              action: { label: t('common:retry'), onClick: () => get(fetch) },
            });
          },
        )
        .finally(() => {
          running.current = null;
          if (!abort.signal.aborted) setBusy(false);
        });
    },
    [t, errorText],
  );
  return [busy, get];
}
