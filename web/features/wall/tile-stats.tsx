import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CameraStream } from '../../../server/contracts/cameras.ts';
import { formatNumber } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import { useNow } from '../../components/use-now.ts';
import type { LivePlayer, LiveStats } from '../../player/live-player.ts';
import classes from './tile-stats.module.css';

type Props = { player: LivePlayer; streams: readonly CameraStream[] };

/** Figures of a tile's stream over its picture, once a second, for whoever looks for the cause of a fault. */
export default function TileStats({ player, streams }: Props) {
  const { t } = useTranslation('wall');
  const lang = useLang();
  const now = useNow();
  const [stats, setStats] = useState<LiveStats | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read anew at every second
  useEffect(() => setStats(player.stats()), [player, now]);
  // Where nothing moves the tile itself says why.
  if (stats === null) return null;
  return (
    <dl className={classes.stats} data-testid="tile-stats">
      {rowsOf(stats, streams, (value, digits) => formatNumber(value, lang, digits)).map(([name, value]) => (
        <div key={name}>
          <dt>{t(`stats.${name}`)}</dt>
          <dd data-stat={name}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What is not known is a dash, so that no row jumps. */
function rowsOf(
  stats: LiveStats,
  streams: readonly CameraStream[],
  number: (value: number, digits: number) => string,
): [name: string, value: string][] {
  const figure = (value: number | null, unit: string) => (value === null ? '–' : `${number(value, 2)}${unit}`);
  const source = streams.find((stream) => stream.name === stats.stream);
  // hls.js tells no bitrate; the server has measured what the camera sends.
  const bits = stats.bitsPerSecond ?? (source?.bytesPerSecond === undefined ? null : source.bytesPerSecond * 8);
  return [
    ['path', `${stats.path} · ${stats.stream}`],
    ['codec', stats.codec ?? '–'],
    ['size', `${stats.width} × ${stats.height}`],
    ['bitrate', figure(bits && bits / 1e6, ' Mbit/s')],
    ['lag', figure(stats.lagMs && stats.lagMs / 1_000, ' s')],
    ['reserve', figure(stats.aheadS, ' s')],
    ['rate', figure(stats.rate, '×')],
    ['frames', `${stats.frames} / ${stats.droppedFrames} / ${stats.stalls}`],
  ];
}
