import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconClock from '@tabler/icons-react/icons/IconClock';
import IconClockX from '@tabler/icons-react/icons/IconClockX';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../../server/contracts/cameras.ts';
import { useTimeline, useWorkingHours } from '../../api/queries.ts';
import { DAY_MS, formatMinute, startOfDay } from '../../components/time.ts';
import { useNow } from '../../components/use-now.ts';
import classes from './phone-live.module.css';

/** A gap shorter than this is a seam between two files. */
const SEAM_MS = 2_000;

/** Two true sentences on a desk today: is its recording whole since work began, and which shift is it. */
export function PhoneFacts({ camera }: { camera: Camera }) {
  const { t } = useTranslation('wall');
  const now = useNow(60_000);
  const day = startOfDay(now);
  const stream = camera.streams.some((each) => each.name === 'main') ? 'main' : 'sub';
  const hours = useWorkingHours(camera.unitId, day, day + DAY_MS);
  const timeline = useTimeline(camera.id, stream, day, day + DAY_MS, { everyMs: 60_000 });
  const begins = hours.data?.hours.find((each) => each.fromMs < now);
  const shift = hours.data?.hours.find((each) => each.fromMs <= now && now < each.toMs);
  const gaps = timeline.data?.gaps ?? [];
  // Out of its schedule, and before it was registered, a camera misses nothing.
  const unscheduled = gaps.filter((gap) => gap.reason === 'schedule');
  const sinceMs =
    begins && unscheduled.reduce((ms, gap) => (gap.from <= ms ? Math.max(ms, gap.to) : ms), begins.fromMs);
  const lost =
    sinceMs === undefined
      ? 0
      : gaps.reduce((sum, gap) => sum + (gap.reason === 'schedule' ? 0 : lostSince(gap, sinceMs)), 0);
  return (
    <ul className={classes.facts}>
      {sinceMs !== undefined && timeline.data && (
        <li>
          {lost <= SEAM_MS ? (
            <IconCircleCheck className={classes.good} size={20} stroke={1.8} aria-hidden />
          ) : (
            <IconClockX size={20} stroke={1.8} aria-hidden />
          )}
          {lost <= SEAM_MS
            ? t('phone.recordedFrom', { time: formatMinute(sinceMs) })
            : t('phone.missing', { count: Math.max(1, Math.round(lost / 60_000)) })}
        </li>
      )}
      {hours.data && (
        <li>
          <IconClock size={20} stroke={1.8} aria-hidden />
          {shift
            ? t('phone.shift', { from: formatMinute(shift.fromMs), to: formatMinute(shift.toMs) })
            : t('phone.noShift')}
        </li>
      )}
    </ul>
  );
}

function lostSince(gap: { from: number; to: number }, sinceMs: number): number {
  return Math.max(0, gap.to - Math.max(gap.from, sinceMs));
}
