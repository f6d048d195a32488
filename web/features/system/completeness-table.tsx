import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconChevronDown from '@tabler/icons-react/icons/IconChevronDown';
import IconHistory from '@tabler/icons-react/icons/IconHistory';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Completeness } from '../../../server/contracts/completeness.ts';
import { useCompleteness } from '../../api/archive.ts';
import { useCan } from '../../api/session.ts';
import { paths } from '../../app/paths.ts';
import { Chip } from '../../components/chip.tsx';
import { Problem } from '../../components/problem.tsx';
import { SkeletonRows } from '../../components/skeletons.tsx';
import { useSpanText } from '../../components/span-text.ts';
import table from '../../components/table.module.css';
import { formatDate, formatPercent, formatWeekday, HOUR_MS } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import { useNow } from '../../components/use-now.ts';
import classes from './completeness.module.css';
import { type BarPart, barOf, type Period, reasonsOf, shareOf, type UnitRow } from './completeness-policy.ts';

const MOST_REASONS = 3;
/** When people come to work: where the playback of a day is opened. */
const MORNING_MS = 7.5 * HOUR_MS;

interface Shown {
  by: Period;
  from: number;
  to: number;
  unitName: (id: string) => string;
  cameraName: (id: string) => string;
}

/** Units, which open to their cameras; over more than a day a camera opens to its days. */
export function CompletenessTable({ rows, ...shown }: Shown & { rows: readonly UnitRow[] }) {
  const { t } = useTranslation('system');
  return (
    <table className={`${table.table} ${classes.table}`}>
      <thead>
        <tr>
          <th>{`${t('completeness.unit')}, ${t('completeness.camera').toLowerCase()}`}</th>
          <th className={table.number}>{t('completeness.share')}</th>
          <th>{t('completeness.bar')}</th>
          <th>{t('completeness.missing')}</th>
          <th>
            <span className={table.spoken}>{t('completeness.play')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Unit key={row.unit.unitId} row={row} shown={shown} first={rows.length === 1} />
        ))}
      </tbody>
    </table>
  );
}

function Unit({ row: { unit, cameras }, shown, first }: { row: UnitRow; shown: Shown; first: boolean }) {
  const { t } = useTranslation('system');
  const [open, setOpen] = useState(first);
  return (
    <>
      <Row
        name={shown.unitName(unit.unitId)}
        second={t('completeness.cameras', { count: cameras.length })}
        part={unit}
        level="unit"
        open={open}
        onOpen={() => setOpen(!open)}
      />
      {open && cameras.map((camera) => <Camera key={camera.cameraId} camera={camera} shown={shown} />)}
    </>
  );
}

function Camera({ camera, shown }: { camera: UnitRow['cameras'][number]; shown: Shown }) {
  const [open, setOpen] = useState(false);
  const ofDays = shown.by !== 'day';
  return (
    <>
      <Row
        name={shown.cameraName(camera.cameraId)}
        part={camera}
        level="camera"
        {...(ofDays
          ? { open, onOpen: () => setOpen(!open) }
          : { play: { cameraId: camera.cameraId, dayMs: shown.from } })}
      />
      {open && <Days cameraId={camera.cameraId} shown={shown} />}
    </>
  );
}

function Days({ cameraId, shown: { from, to } }: { cameraId: string; shown: Shown }) {
  const lang = useLang();
  const now = useNow(60_000);
  const answer = useCompleteness({ from, to, camera: cameraId, by: 'day' });
  if (answer.data === undefined) {
    return (
      <tr>
        <td colSpan={5} className={table.whole}>
          {answer.error === null ? (
            <SkeletonRows rows={2} height={40} />
          ) : (
            <Problem error={answer.error} onRetry={() => answer.refetch()} />
          )}
        </td>
      </tr>
    );
  }
  return (answer.data.days ?? [])
    .filter((day) => day.from < now)
    .map((day) => (
      <Row
        key={day.from}
        name={`${formatWeekday(day.from, lang)}, ${formatDate(day.from)}`}
        part={day}
        level="day"
        play={{ cameraId, dayMs: day.from }}
      />
    ));
}

interface RowProps {
  name: string;
  second?: string;
  part: Completeness;
  level: 'unit' | 'camera' | 'day';
  open?: boolean;
  onOpen?: () => void;
  play?: { cameraId: string; dayMs: number };
}

function Row({ name, second, part, level, open, onOpen, play }: RowProps) {
  const { t } = useTranslation('system');
  const lang = useLang();
  const mayPlay = useCan('play_back');
  const share = shareOf(part);
  return (
    <tr data-level={level} data-opens={onOpen === undefined ? undefined : true}>
      <td className={table.whole}>
        {onOpen === undefined ? (
          <span className={table.main}>{name}</span>
        ) : (
          <button type="button" className={table.open} aria-expanded={open} onClick={onOpen}>
            <IconChevronDown className={classes.arrow} size={16} stroke={1.8} aria-hidden />
            {name}
          </button>
        )}
        {second !== undefined && <span className={`${table.second} ${classes.second}`}>{second}</span>}
      </td>
      <td className={`${table.number} ${classes.share}`}>
        {share === null ? (
          <span className={table.second}>{t('completeness.nothing')}</span>
        ) : (
          <b>{formatPercent(share, lang)}</b>
        )}
      </td>
      <td className={classes.barCell}>
        <Bar part={part} />
      </td>
      <td className={table.whole}>
        <Missing part={part} />
      </td>
      <td className={classes.play}>
        {mayPlay && play !== undefined && part.recordedMs > 0 && (
          <Link
            className={table.above}
            to={paths.playback({ cameras: [play.cameraId], at: play.dayMs + MORNING_MS })}
            aria-label={t('completeness.playDay', { date: formatDate(play.dayMs) })}
          >
            <IconHistory size={18} stroke={1.8} aria-hidden />
            <span>{t('completeness.play')}</span>
          </Link>
        )}
      </td>
    </tr>
  );
}

/** Parts in a fixed order, each with a pattern of its own; the words beside it say the same. */
function Bar({ part }: { part: Completeness }) {
  return (
    <span className={classes.bar} aria-hidden>
      {barOf(part).map(({ kind, share }) => (
        <span key={kind} data-kind={kind} style={{ flexGrow: share }} />
      ))}
    </span>
  );
}

function Missing({ part }: { part: Completeness }) {
  const { t } = useTranslation(['system', 'common']);
  const span = useSpanText();
  if (part.scheduledMs === 0) return null;
  const reasons = reasonsOf(part);
  if (reasons.length === 0 && part.unexplainedMs === 0) {
    return <span className={table.second}>{t('completeness.none')}</span>;
  }
  const words = reasons
    .slice(0, MOST_REASONS)
    .map(({ reason, ms }) => `${t(`common:gapReason.${reason}`)} ${span(ms)}`);
  const rest = reasons.slice(MOST_REASONS).reduce((sum, { ms }) => sum + ms, 0);
  return (
    <>
      {part.unexplainedMs > 0 && (
        <Chip tone="fault" icon={IconAlertTriangle}>
          {t('completeness.oddChip', { time: span(part.unexplainedMs) })}
        </Chip>
      )}
      <span className={classes.reasons}>{[...words, ...(rest > 0 ? [`+ ${span(rest)}`] : [])].join(' · ')}</span>
    </>
  );
}

const KINDS: readonly BarPart['kind'][] = ['recorded', 'camera', 'server', 'meant', 'unexplained'];

export function Legend() {
  const { t } = useTranslation('system');
  return (
    <ul className={classes.legend} aria-label={t('completeness.legendLabel')}>
      {KINDS.map((kind) => (
        <li key={kind}>
          <span className={classes.swatch} aria-hidden>
            <span data-kind={kind} />
          </span>
          {t(`completeness.legend.${kind}`)}
        </li>
      ))}
    </ul>
  );
}
