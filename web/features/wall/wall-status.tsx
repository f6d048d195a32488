import IconBroadcast from '@tabler/icons-react/icons/IconBroadcast';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconEye from '@tabler/icons-react/icons/IconEye';
import IconRouteOff from '@tabler/icons-react/icons/IconRouteOff';
import IconServerOff from '@tabler/icons-react/icons/IconServerOff';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../../server/contracts/cameras.ts';
import { useConnection } from '../../api/realtime.ts';
import { conditionOf, faultOf } from '../../components/camera-condition.ts';
import { cameraStateIcon, streamStateIcon } from '../../components/chip.tsx';
import { formatNumber, formatSince } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import { useNow } from '../../components/use-now.ts';
import { liveBudget } from '../../player/live-budget.ts';
import type { LivePlayer } from '../../player/live-player.ts';
import classes from './wall-status.module.css';

type Props = {
  cameras: readonly Camera[];
  unitNames: ReadonlyMap<string, string>;
  players: ReadonlyMap<string, { player: LivePlayer }>;
};

const MOST_FAULTS = 2;

/** The line at the bottom: cameras that are down, and what the tiles are doing. */
export function WallStatus({ cameras, unitNames, players }: Props) {
  const { t } = useTranslation('wall');
  const lang = useLang();
  const now = useNow();
  const [playing, setPlaying] = useState({ sub: 0, main: 0, worstMs: 0 });
  // biome-ignore lint/correctness/useExhaustiveDependencies: read anew at every second
  useEffect(() => {
    const running = [...players.values()].filter(({ player }) => ['live', 'behind'].includes(player.snapshot().state));
    const count = (stream: string) => running.filter(({ player }) => player.snapshot().stream === stream).length;
    const worstMs = Math.max(0, ...running.map(({ player }) => player.lagMs() ?? 0));
    setPlaying({ sub: count('sub'), main: count('main'), worstMs });
  }, [now, players]);

  const conditions = cameras.map(conditionOf);
  // Without the server, what it said last of its cameras is old.
  const lost = useConnection() === 'lost';
  const atMost = liveBudget().most;
  const down = cameras.filter((_, i) => conditions[i] === 'fault' || conditions[i] === 'off');
  return (
    <footer className={classes.bar}>
      {down.slice(0, MOST_FAULTS).map((camera) => {
        const fault = faultOf(camera);
        const Glyph = fault.of === 'camera' ? cameraStateIcon(fault.state) : streamStateIcon(fault.state);
        return (
          <span key={camera.id} className={classes.fault}>
            <Glyph size={16} stroke={1.8} aria-hidden />
            {unitNames.get(camera.unitId)}, {camera.name}:{' '}
            {t('common:stateSince', {
              state: t(
                fault.of === 'camera' ? `common:cameraState.${fault.state}` : `common:streamState.${fault.state}`,
              ),
              time: formatSince(fault.sinceMs, now),
            })}
          </span>
        );
      })}
      {down.length > MOST_FAULTS && (
        <span className={classes.fault}>{t('status.more', { count: down.length - MOST_FAULTS })}</span>
      )}
      {lost && (
        <span className={classes.fault}>
          <IconServerOff size={16} stroke={1.8} aria-hidden />
          {t('status.lost')}
        </span>
      )}
      {atMost !== null && (
        <span className={classes.fault} title={t('status.http1Hint')} data-testid="http1">
          <IconRouteOff size={16} stroke={1.8} aria-hidden />
          {t('status.http1', { count: atMost })}
        </span>
      )}
      {!lost && cameras.length > 0 && conditions.every((each) => each === 'ok') && (
        <span>
          <IconCircleCheck size={16} stroke={1.8} aria-hidden className={classes.good} />
          {t('status.allUp', { count: cameras.length })}
        </span>
      )}
      <span className={classes.rest}>
        <IconBroadcast size={16} stroke={1.8} aria-hidden />
        {[
          playing.main > 0 ? t('status.main', { count: playing.main }) : null,
          t('status.sub', { count: playing.sub }),
          playing.worstMs > 0 ? t('status.lag', { seconds: formatNumber(playing.worstMs / 1_000, lang) }) : null,
        ]
          .filter((word) => word !== null)
          .join(' · ')}
      </span>
      <span>
        <IconEye size={16} stroke={1.8} aria-hidden />
        {t('status.logged')}
      </span>
    </footer>
  );
}
