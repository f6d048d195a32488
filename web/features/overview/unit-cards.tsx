import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconPlayerStop from '@tabler/icons-react/icons/IconPlayerStop';
import IconPlugConnected from '@tabler/icons-react/icons/IconPlugConnected';
import IconVideoOff from '@tabler/icons-react/icons/IconVideoOff';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useCategories } from '../../api/units.ts';
import { paths } from '../../app/paths.ts';
import { conditionOf, faultOf } from '../../components/camera-condition.ts';
import { cameraStateIcon, streamStateIcon } from '../../components/chip.tsx';
import { SeverityMark } from '../../components/severity.tsx';
import { formatShort, formatSince } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import { LiveStill } from './live-still.tsx';
import { isOverdue, type UnitCard } from './overview-policy.ts';
import classes from './unit-cards.module.css';
import { deskLink } from './wall-link.ts';

interface CardsProps {
  cards: readonly UnitCard[];
  now: number;
  /** Large cards say what is the matter; small ones only how many cameras and cases. */
  large?: boolean;
}

/** Units as cards with a live still of a desk; a card opens the desk on the wall. */
export function UnitCards({ cards, now, large = false }: CardsProps) {
  return (
    <ul className={classes.grid} data-large={large || undefined}>
      {cards.map((card) => (
        <Card key={card.unit.id} card={card} now={now} large={large} />
      ))}
    </ul>
  );
}

/** The desk that the card shows: the one of the most pressing case, else one in trouble, else the first. */
function deskOf(card: UnitCard) {
  const worst = card.incidents.toSorted((a, b) => b.severity - a.severity)[0];
  const ofCase = card.cameras.find((camera) => camera.id === worst?.cameraId);
  return ofCase ?? card.faults[0] ?? card.cameras.find((camera) => conditionOf(camera) === 'ok') ?? card.cameras[0];
}

function Card({ card, now, large }: { card: UnitCard; now: number; large: boolean }) {
  const { t } = useTranslation(['overview', 'common']);
  const desk = large ? deskOf(card) : (card.cameras.find((camera) => conditionOf(camera) === 'ok') ?? card.cameras[0]);
  if (desk === undefined) return null;
  const fault = conditionOf(desk) === 'fault' ? faultOf(desk) : null;
  const Glyph =
    fault === null ? null : fault.of === 'camera' ? cameraStateIcon(fault.state) : streamStateIcon(fault.state);
  const away = desk.state === 'offline' || desk.state === 'auth_failed' || desk.state === 'stopped';
  return (
    <li className={classes.card}>
      <div className={classes.picture}>
        <LiveStill cameraId={desk.id} alt="" away={away}>
          {large && (
            <span className={classes.caption}>
              {fault !== null && Glyph !== null ? (
                <>
                  <Glyph size={16} stroke={1.8} aria-hidden />
                  {fault.of === 'camera'
                    ? t(`common:cameraState.${fault.state}`)
                    : t(`common:streamState.${fault.state}`)}
                </>
              ) : (
                desk.name
              )}
            </span>
          )}
        </LiveStill>
      </div>
      <div className={classes.words}>
        <Link className={classes.name} to={deskLink(desk.id)}>
          {card.unit.name}
        </Link>
        {large && <p className={classes.reason}>{<Reason card={card} now={now} />}</p>}
        <p className={classes.facts}>
          <Cameras card={card} long={large} />
          <Cases card={card} long={large} />
        </p>
      </div>
    </li>
  );
}

/** Why the unit needs attention, in its most pressing words. */
function Reason({ card, now }: { card: UnitCard; now: number }) {
  const { t } = useTranslation(['overview', 'common']);
  const lang = useLang();
  const categories = useCategories();
  const pressing =
    card.incidents.find((incident) => incident.severity === 3) ??
    card.incidents.find((incident) => isOverdue(incident, now));
  if (pressing !== undefined) {
    const name = categories.data?.find((one) => one.code === pressing.category)?.[lang] ?? pressing.category;
    const days = Math.abs(pressing.workingDaysLeft ?? 0);
    const overdue = days === 0 ? t('common:deadline.overdueToday') : t('common:deadline.overdue', { count: days });
    return `${name} · ${isOverdue(pressing, now) ? overdue : formatShort(pressing.atMs)}`;
  }
  const camera = card.faults[0];
  if (camera === undefined) return null;
  const fault = faultOf(camera);
  const word = fault.of === 'camera' ? t(`common:cameraState.${fault.state}`) : t(`common:streamState.${fault.state}`);
  return `${camera.name} · ${t('common:stateSince', { state: word, time: formatSince(fault.sinceMs, now) })}`;
}

/** `3/4 · đang ghi`: how many of the unit's cameras work. */
export function Cameras({ card, long = false }: { card: UnitCard; long?: boolean }) {
  const { t } = useTranslation('overview');
  const Glyph =
    card.total === 0
      ? IconPlayerStop
      : card.faults.length > 0
        ? IconVideoOff
        : card.normal
          ? IconCircleCheck
          : IconPlugConnected;
  const words = t(card.total === 0 ? 'card.off' : card.working === 0 ? 'card.dark' : 'card.recording', {
    working: card.working,
    total: card.total,
  });
  return (
    <span className={classes.cameras} data-normal={card.normal || undefined} title={words}>
      <Glyph size={16} stroke={1.8} aria-hidden />
      {long || card.total === 0 ? (
        words
      ) : (
        <>
          <span aria-hidden>
            {card.working}/{card.total}
          </span>
          <span className={classes.spoken}>{words}</span>
        </>
      )}
    </span>
  );
}

/** How many cases of the unit are open, by severity. */
export function Cases({ card, long = false }: { card: UnitCard; long?: boolean }) {
  const { t } = useTranslation('overview');
  if (card.incidents.length === 0) return long ? <span className={classes.none}>{t('card.noCases')}</span> : null;
  return (
    <Link className={classes.cases} to={paths.incidents({ unit: [card.unit.id] })}>
      {([3, 2, 1] as const)
        .filter((level) => card.bySeverity[level] > 0)
        .map((level) => (
          <span key={level}>
            <SeverityMark severity={level} /> {card.bySeverity[level]}
          </span>
        ))}
      <span className={classes.spoken}>{t('card.cases', { count: card.incidents.length })}</span>
    </Link>
  );
}
