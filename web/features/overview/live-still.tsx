import IconPhotoOff from '@tabler/icons-react/icons/IconPhotoOff';
import { useEffect, useRef, useState } from 'react';
import { mediaPaths } from '../../../server/contracts/media.ts';
import classes from './live-still.module.css';

const EVERY_MS = 10_000;

/** Whether an element is on screen in a tab that is shown. */
function useVisible(element: React.RefObject<HTMLElement | null>): boolean {
  const [onScreen, setOnScreen] = useState(false);
  const [tabShown, setTabShown] = useState(!document.hidden);
  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    const observer = new IntersectionObserver(([entry]) => setOnScreen(entry?.isIntersecting ?? false), {
      rootMargin: '80px',
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  useEffect(() => {
    const onChange = () => setTabShown(!document.hidden);
    document.addEventListener('visibilitychange', onChange);
    return () => document.removeEventListener('visibilitychange', onChange);
  }, []);
  return onScreen && tabShown;
}

/**
 * The newest still of a camera as a blob address, fetched anew every 10 s while `active`; the one before stays until the next
 * is there, and stays when the next does not come. Null while there is none; `missing` once the first could not be had.
 */
function useSnapshot(cameraId: string, active: boolean, refresh: boolean): { url: string | null; missing: boolean } {
  const [url, setUrl] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  const held = useRef<string | null>(null);
  useEffect(() => {
    if (!active) return;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const take = async () => {
      try {
        const answer = await fetch(mediaPaths.snapshot(cameraId), { signal: abort.signal, cache: 'no-cache' });
        if (answer.ok) {
          const next = URL.createObjectURL(await answer.blob());
          if (held.current !== null) URL.revokeObjectURL(held.current);
          held.current = next;
          setUrl(next);
        }
        setMissing(!answer.ok);
      } catch {
        if (!abort.signal.aborted) setMissing(true);
      }
      if (refresh && !abort.signal.aborted) timer = setTimeout(take, EVERY_MS);
    };
    void take();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [cameraId, active, refresh]);
  useEffect(
    () => () => {
      if (held.current !== null) URL.revokeObjectURL(held.current);
      held.current = null;
    },
    [],
  );
  return { url, missing };
}

interface LiveStillProps {
  cameraId: string;
  /** What the picture shows. */
  alt: string;
  /** The camera is away: its last picture, in grey, is not asked for again. A picture that could not be renewed is grey too. */
  away: boolean;
  children?: React.ReactNode;
}

/** What a camera sees, as a picture that renews itself, without a flash, while it is on screen. */
export function LiveStill({ cameraId, alt, away, children }: LiveStillProps) {
  const root = useRef<HTMLSpanElement>(null);
  const visible = useVisible(root);
  const { url, missing } = useSnapshot(cameraId, visible, !away);
  return (
    <span ref={root} className={classes.still}>
      {url !== null && <img src={url} alt={alt} draggable={false} data-away={away || missing || undefined} />}
      {url === null && missing && <IconPhotoOff size={20} stroke={1.8} aria-hidden />}
      {children}
    </span>
  );
}
