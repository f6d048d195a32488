import { Button } from '@mantine/core';
import IconPhotoOff from '@tabler/icons-react/icons/IconPhotoOff';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import page from '../../components/page.module.css';
import classes from './wizard.module.css';

const EVERY_MS = 1_500;

interface LivePictureProps {
  /** Address of the picture of this turn; a new one each time. */
  address: (turn: number) => string;
  /** What the picture shows. */
  alt: string;
}

/** What a camera sees now: a picture that renews itself without a flash, as fast as the camera gives it, while the tab is shown. */
export function LivePicture({ address, alt }: LivePictureProps) {
  const { t } = useTranslation(['cameras', 'common']);
  const [url, setUrl] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  const [round, setRound] = useState(0);
  const latest = useRef(address);
  useEffect(() => {
    latest.current = address;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks again
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let shown: string | null = null;
    let turn = 0;
    const take = async () => {
      if (!document.hidden) {
        const answer = await fetch(latest.current(turn++), { signal: abort.signal, cache: 'no-store' }).catch(
          () => null,
        );
        if (abort.signal.aborted) return;
        if (!answer?.ok) return setFailed(true);
        const next = URL.createObjectURL(await answer.blob());
        if (shown !== null) URL.revokeObjectURL(shown);
        shown = next;
        setUrl(next);
      }
      timer = setTimeout(() => void take(), EVERY_MS);
    };
    void take();
    return () => {
      abort.abort();
      clearTimeout(timer);
      if (shown !== null) URL.revokeObjectURL(shown);
    };
  }, [round]);
  return (
    <div className={classes.live}>
      {url !== null && <img src={url} alt={alt} data-stale={failed || undefined} draggable={false} />}
      {failed && (
        <div className={classes.liveFailed}>
          <IconPhotoOff size={20} stroke={1.8} aria-hidden />
          <p className={page.muted}>{t('live.failed')}</p>
          <Button
            variant="default"
            onClick={() => {
              setFailed(false);
              setRound(round + 1);
            }}
          >
            {t('common:retry')}
          </Button>
        </div>
      )}
    </div>
  );
}
