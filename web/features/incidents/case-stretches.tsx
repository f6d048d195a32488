import { Button } from '@mantine/core';
import IconHistory from '@tabler/icons-react/icons/IconHistory';
import IconPlayerPlay from '@tabler/icons-react/icons/IconPlayerPlay';
import IconVideo from '@tabler/icons-react/icons/IconVideo';
import IconX from '@tabler/icons-react/icons/IconX';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { AnswerStretch } from '../../../server/contracts/incidents.ts';
import { mediaPaths } from '../../../server/contracts/media.ts';
import { paths } from '../../app/paths.ts';
import { Skeleton } from '../../components/skeletons.tsx';
import { formatDateTime, formatDuration, formatTime } from '../../components/time.ts';
import { decodable } from '../../player/decodable.ts';
import classes from './case-stretch.module.css';

const ClipPlayer = lazy(async () => ({ default: (await import('../../player/clip-player.tsx')).ClipPlayer }));

/** Footage that the unit points to; whoever may play back sees it here. */
export function MarkedStretches({ stretches, playable }: { stretches: readonly AnswerStretch[]; playable: boolean }) {
  const { t } = useTranslation('incidents');
  return (
    <ul className={classes.marked} aria-label={t('stretches.label')}>
      {stretches.map((stretch) => (
        <li key={`${stretch.cameraId} ${stretch.fromMs}`} className={classes.stretch}>
          <Marked stretch={stretch} playable={playable} />
        </li>
      ))}
    </ul>
  );
}

function Marked({ stretch, playable }: { stretch: AnswerStretch; playable: boolean }) {
  const { t } = useTranslation('incidents');
  const [open, setOpen] = useState(false);
  const { cameraId, cameraName, fromMs, toMs } = stretch;
  return (
    <>
      <p className={classes.line}>
        <IconVideo size={18} stroke={1.8} aria-hidden />
        <span>
          <b>{cameraName}</b> {formatDateTime(fromMs)} – {formatTime(toMs)} ({formatDuration(toMs - fromMs)})
        </span>
      </p>
      {playable && (
        <div className={classes.tools}>
          <Button
            variant="default"
            size="xs"
            aria-expanded={open}
            leftSection={open ? <IconX size={16} aria-hidden /> : <IconPlayerPlay size={16} aria-hidden />}
            onClick={() => setOpen(!open)}
          >
            {t(open ? 'stretches.stop' : 'stretches.play')}
          </Button>
          <Link className={classes.link} to={paths.playback({ cameras: [cameraId], at: fromMs })}>
            <IconHistory size={16} stroke={1.8} aria-hidden />
            {t('stretches.playBack')}
          </Link>
        </div>
      )}
      {open && (
        <Suspense fallback={<Skeleton height={200} radius={6} />}>
          <div className={classes.player}>
            <ClipPlayer
              src={decodable(mediaPaths.vod(cameraId, 'main', fromMs, toMs), null)}
              fromMs={fromMs}
              toMs={toMs}
            />
          </div>
        </Suspense>
      )}
    </>
  );
}
