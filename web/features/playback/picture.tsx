import { Button } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconCircleDot from '@tabler/icons-react/icons/IconCircleDot';
import IconVideoOff from '@tabler/icons-react/icons/IconVideoOff';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { GapReason } from '../../../server/contracts/timeline.ts';
import { formatDuration, formatTime } from '../../components/time.ts';
import { useNow } from '../../components/use-now.ts';
import { useVodSnapshot } from '../../player/use-moment.ts';
import type { VodPlayer } from '../../player/vod-player.ts';
import classes from './picture.module.css';

type Props = {
  container: RefObject<HTMLDivElement | null>;
  player: VodPlayer | null;
  number: number;
  cameraName: string;
  unitName: string;
  reasonAt: (ms: number) => GapReason | null;
  onToggle: () => void;
  onLive: () => void;
  onRetry: () => void;
};

const CROSSED_SHOWN_MS = 5_000;

/** The picture, its caption, and in words what keeps it from playing or what was leapt over. */
export function Picture({
  container,
  player,
  number,
  cameraName,
  unitName,
  reasonAt,
  onToggle,
  onLive,
  onRetry,
}: Props) {
  const { t } = useTranslation('playback');
  const now = useNow();
  const { state, crossed, failure } = useVodSnapshot(player);
  const reason = crossed ? reasonAt((crossed.fromMs + crossed.toMs) / 2) : null;
  const showCrossed = crossed !== null && now - crossed.shownAtMs < CROSSED_SHOWN_MS;
  return (
    <div className={classes.room}>
      <div className={classes.frame} data-state={state}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: Space and the play button do the same */}
        <div className={classes.video} ref={container} onClick={onToggle} />
        {showCrossed && (
          <p className={classes.word} role="status">
            {t('crossed', {
              from: formatTime(crossed.fromMs),
              to: formatTime(crossed.toMs),
              duration: formatDuration(crossed.toMs - crossed.fromMs),
            })}
            {reason !== null && `: ${t(`common:gapReason.${reason}`)}`}
          </p>
        )}
        {state === 'no_footage' && (
          <div className={classes.veil} role="status">
            <IconVideoOff size={24} stroke={1.8} aria-hidden />
            <p>{t('noFootage')}</p>
            <Button size="xs" variant="default" leftSection={<IconCircleDot size={16} stroke={1.8} />} onClick={onLive}>
              {t('toLive')}
            </Button>
          </div>
        )}
        {state === 'ended' && (
          <p className={classes.word} role="status">
            {t('atEnd')}
          </p>
        )}
        {state === 'failed' && (
          <div className={classes.veil} role="alert">
            <IconAlertTriangle size={24} stroke={1.8} aria-hidden />
            <p>{failure?.status === 403 ? t('noRight') : t('failed')}</p>
            <Button size="xs" variant="default" onClick={onRetry}>
              {t('common:retry')}
            </Button>
          </div>
        )}
        <div className={classes.caption}>
          <span className={classes.number}>{number}</span>
          <b>{cameraName}</b>
          <span>{unitName}</span>
        </div>
      </div>
    </div>
  );
}
