import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconEyeOff from '@tabler/icons-react/icons/IconEyeOff';
import IconPlugConnectedX from '@tabler/icons-react/icons/IconPlugConnectedX';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useCategories } from '../../api/units.ts';
import { paths } from '../../app/paths.ts';
import { faultOf } from '../../components/camera-condition.ts';
import { placesOf, useProposals } from '../../components/camera-proposals/use-proposals.tsx';
import { cameraStateIcon, streamStateIcon } from '../../components/chip.tsx';
import { SeverityMark } from '../../components/severity.tsx';
import { formatShort, formatSince } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import classes from './matters.module.css';
import type { Matter } from './overview-policy.ts';
import { deskLink } from './wall-link.ts';

const MOST = 3;

/** At most three things that wait for a person, the most pressing first; above them, in one line, cases that were proposed of cameras. */
export function Matters({ matters, now }: { matters: readonly Matter[]; now: number }) {
  const { t } = useTranslation('overview');
  const { proposals, open, dialog } = useProposals();
  if (matters.length === 0 && proposals.length === 0) {
    return (
      <>
        <p className={classes.none}>
          <IconCircleCheck size={22} stroke={1.8} aria-hidden />
          {t('matter.none')}
        </p>
        {dialog}
      </>
    );
  }
  return (
    <>
      <ul className={classes.list} aria-label={t('matter.label')}>
        {proposals.length > 0 && (
          <Row
            mark={<IconEyeOff size={22} stroke={1.8} aria-hidden />}
            title={t('matter.proposals', { count: proposals.length })}
            detail={placesOf(proposals)}
            to={open}
            action={t('matter.openProposals')}
          />
        )}
        {matters.slice(0, MOST).map((matter) => (
          <MatterRow key={keyOf(matter)} matter={matter} now={now} />
        ))}
      </ul>
      {dialog}
    </>
  );
}

const keyOf = (matter: Matter) =>
  matter.kind === 'incident' ? matter.incident.id : matter.kind === 'camera' ? matter.camera.id : matter.unit.id;

function MatterRow({ matter, now }: { matter: Matter; now: number }) {
  const { t } = useTranslation(['overview', 'common']);
  const lang = useLang();
  const categories = useCategories();
  if (matter.kind === 'incident') {
    const { incident, why } = matter;
    const name = categories.data?.find((one) => one.code === incident.category)?.[lang] ?? incident.category;
    const days = Math.abs(incident.workingDaysLeft ?? 0);
    const late = why === 'overdue' || (incident.dueAtMs !== null && incident.dueAtMs < now);
    const what = late
      ? days === 0
        ? t('common:deadline.overdueToday')
        : t('common:deadline.overdue', { count: days })
      : why === 'today'
        ? t('matter.today')
        : t('matter.at', { time: formatShort(incident.atMs) });
    return (
      <Row
        mark={<SeverityMark severity={incident.severity} size={24} />}
        title={name}
        detail={`${incident.unitName}, ${incident.cameraName} · ${what} · ${incident.number}`}
        to={paths.incident(incident.id)}
        action={t('matter.openCase')}
      />
    );
  }
  if (matter.kind === 'unit_dark') {
    return (
      <Row
        mark={<IconPlugConnectedX size={22} stroke={1.8} aria-hidden />}
        title={t('matter.dark')}
        detail={`${matter.unit.name} · ${t('matter.darkDetail', {
          count: matter.cameras.length,
          time: formatSince(matter.sinceMs, now),
        })}`}
        to={deskLink(matter.cameras[0]?.id ?? '')}
        action={t('matter.openDesk')}
      />
    );
  }
  const fault = faultOf(matter.camera);
  const word = fault.of === 'camera' ? t(`common:cameraState.${fault.state}`) : t(`common:streamState.${fault.state}`);
  const Glyph = fault.of === 'camera' ? cameraStateIcon(fault.state) : streamStateIcon(fault.state);
  return (
    <Row
      mark={<Glyph size={22} stroke={1.8} aria-hidden />}
      title={t('common:stateSince', { state: word, time: formatSince(fault.sinceMs, now) })}
      detail={`${matter.unit.name}, ${matter.camera.name}`}
      to={deskLink(matter.camera.id)}
      action={t('matter.openDesk')}
    />
  );
}

interface RowProps {
  mark: React.ReactNode;
  title: string;
  detail: string;
  /** An address, or what opens it here. */
  to: string | (() => void);
  action: string;
}

function Row({ mark, title, detail, to, action }: RowProps) {
  return (
    <li className={classes.row}>
      <span className={classes.mark}>{mark}</span>
      <span className={classes.words}>
        {typeof to === 'string' ? (
          <Link className={classes.title} to={to}>
            {title}
          </Link>
        ) : (
          <button type="button" className={classes.title} onClick={to}>
            {title}
          </button>
        )}
        <span className={classes.detail}>{detail}</span>
      </span>
      <span className={classes.action} aria-hidden>
        {action}
      </span>
      <IconChevronRight className={classes.chevron} size={20} stroke={1.8} aria-hidden />
    </li>
  );
}
