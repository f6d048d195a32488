import IconClockExclamation from '@tabler/icons-react/icons/IconClockExclamation';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { IncidentSummary } from '../../../server/contracts/incidents.ts';
import type { Unit } from '../../../server/contracts/units.ts';
import { paths } from '../../app/paths.ts';
import { faultOf } from '../../components/camera-condition.ts';
import { cameraStateIcon, streamStateIcon } from '../../components/chip.tsx';
import { formatMinute, formatShort, formatSince } from '../../components/time.ts';
import { isOverdue, type UnitCard } from './overview-policy.ts';
import classes from './side.module.css';
import type { OverviewView } from './use-overview.ts';
import { deskLink } from './wall-link.ts';

const MOST_DUE = 4;
const MOST_CAMERAS = 6;

/** Terms that are over or end today, and those that end next. */
export function DueCard({ view }: { view: OverviewView }) {
  const { t } = useTranslation('overview');
  const due = view.open.filter((one) => one.dueAtMs !== null);
  const overdue = due.filter((one) => isOverdue(one, view.now));
  const today = due.filter((one) => !isOverdue(one, view.now) && (one.dueAtMs ?? 0) < view.endOfDayMs);
  const later = due.filter((one) => (one.dueAtMs ?? 0) >= view.endOfDayMs);
  return (
    <section className={classes.card} aria-labelledby="overview-due">
      <header className={classes.head}>
        <h2 id="overview-due">{t('due.title')}</h2>
        <Link to={paths.incidents({ sort: 'due' })}>{t('due.all')}</Link>
      </header>
      {due.length === 0 && <p className={classes.none}>{t('due.none')}</p>}
      <DueGroup title={t('due.overdue')} items={overdue} kind="overdue" />
      <DueGroup title={t('due.today')} items={today} kind="today" />
      {overdue.length + today.length < MOST_DUE && (
        <DueGroup
          title={t('due.later')}
          items={later.slice(0, MOST_DUE - overdue.length - today.length)}
          kind="later"
        />
      )}
    </section>
  );
}

interface DueGroupProps {
  title: string;
  items: readonly IncidentSummary[];
  kind: 'overdue' | 'today' | 'later';
}

function DueGroup({ title, items, kind }: DueGroupProps) {
  const { t } = useTranslation('overview');
  if (items.length === 0) return null;
  const rest = items.length - MOST_DUE;
  return (
    <>
      <h3 className={classes.group} data-kind={kind}>
        {kind === 'overdue' && <IconClockExclamation size={16} stroke={1.8} aria-hidden />}
        {kind === 'later' ? title : `${title} · ${items.length}`}
      </h3>
      <ul className={classes.list}>
        {items.slice(0, MOST_DUE).map((incident) => (
          <li key={incident.id} className={classes.row}>
            <span className={classes.words}>
              <Link className={classes.open} to={paths.incident(incident.id)}>
                {incident.unitName}
              </Link>
              <span className={classes.second}>
                {t(`due.step.${incident.state}`)} · {incident.number}
              </span>
            </span>
            <span className={classes.time} data-kind={kind}>
              {kind === 'today' ? formatMinute(incident.dueAtMs ?? 0) : formatShort(incident.dueAtMs ?? 0)}
            </span>
          </li>
        ))}
      </ul>
      {rest > 0 && (
        <Link
          className={classes.more}
          to={kind === 'overdue' ? paths.incidents({ tab: 'overdue' }) : paths.incidents({ sort: 'due' })}
        >
          {t('due.more', { count: rest })}
        </Link>
      )}
    </>
  );
}

/** Cameras in technical trouble: where, what, since when. */
export function FaultCard({ cards, now }: { cards: readonly UnitCard[]; now: number }) {
  const { t } = useTranslation(['overview', 'common']);
  const faults = cards.flatMap(({ unit, faults: cameras }) => cameras.map((camera) => ({ unit, camera })));
  return (
    <section className={classes.card} aria-labelledby="overview-faults">
      <header className={classes.head}>
        <h2 id="overview-faults">{t('fault.title')}</h2>
        {faults.length > 0 && <span className={classes.count}>{faults.length}</span>}
      </header>
      {faults.length === 0 && <p className={classes.none}>{t('fault.none')}</p>}
      <ul className={classes.list}>
        {faults.slice(0, MOST_CAMERAS).map(({ unit, camera }) => {
          const fault = faultOf(camera);
          const Glyph = fault.of === 'camera' ? cameraStateIcon(fault.state) : streamStateIcon(fault.state);
          const word = t(
            fault.of === 'camera' ? `common:cameraState.${fault.state}` : `common:streamState.${fault.state}`,
          );
          return (
            <li key={camera.id} className={classes.row}>
              <Glyph size={18} stroke={1.8} aria-hidden />
              <span className={classes.words}>
                <Link className={classes.open} to={deskLink(camera.id)}>
                  {unit.name}, {camera.name}
                </Link>
                <span className={classes.second}>
                  {t('common:stateSince', { state: word, time: formatSince(fault.sinceMs, now) })}
                </span>
              </span>
            </li>
          );
        })}
      </ul>
      {faults.length > MOST_CAMERAS && (
        <p className={classes.none}>{t('fault.more', { count: faults.length - MOST_CAMERAS })}</p>
      )}
    </section>
  );
}

/** Units without a camera, by name: nothing is known of their desks. */
export function UnconnectedCard({ units }: { units: readonly Unit[] }) {
  const { t } = useTranslation('overview');
  if (units.length === 0) return null;
  return (
    <section className={classes.card} aria-labelledby="overview-unconnected">
      <header className={classes.head}>
        <h2 id="overview-unconnected">{t('unconnected.title')}</h2>
        <span className={classes.count}>{units.length}</span>
      </header>
      <p className={classes.names}>{units.map((unit) => unit.name).join(', ')}</p>
    </section>
  );
}
