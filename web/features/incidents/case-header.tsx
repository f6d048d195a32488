import { ActionIcon } from '@mantine/core';
import IconArrowLeft from '@tabler/icons-react/icons/IconArrowLeft';
import IconChevronLeft from '@tabler/icons-react/icons/IconChevronLeft';
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Incident } from '../../../server/contracts/incidents.ts';
import { paths } from '../../app/paths.ts';
import { IncidentStateChip } from '../../components/chip.tsx';
import { SeverityLabel } from '../../components/severity.tsx';
import { formatDate, formatTime, formatWeekday } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import classes from './incident-page.module.css';
import { useCategoryName } from './use-list.ts';
import type { GoTo } from './use-neighbours.ts';

interface HeaderProps {
  incident: Incident;
  back: string;
  /** Whether the case waits on the reader. */
  mine: boolean;
  children: React.ReactNode;
}

/** What the case is, where and when, and how it stands. */
export function CaseHeader({ incident, back, mine, children }: HeaderProps) {
  const { t } = useTranslation(['incidents', 'common']);
  const lang = useLang();
  const name = useCategoryName();
  return (
    <header className={classes.header}>
      <Link className={classes.back} to={back}>
        <IconArrowLeft size={18} stroke={1.8} aria-hidden />
        {t('list')}
      </Link>
      <div className={classes.heading}>
        <h2 className={classes.title}>{name(incident.category)}</h2>
        <p className={classes.meta}>
          <SeverityLabel severity={incident.severity} />
          <span>
            {incident.category} · {incident.number}
          </span>
          <span>
            {incident.unitName}, {incident.cameraName}
          </span>
          <span>
            {t('stretch', {
              day: formatWeekday(incident.fromMs, lang),
              date: formatDate(incident.fromMs),
              from: formatTime(incident.fromMs),
              to: formatTime(incident.toMs),
            })}
          </span>
        </p>
      </div>
      <IncidentStateChip state={incident.state} mine={mine} />
      <div className={classes.tools}>{children}</div>
    </header>
  );
}

/** Arrows to the cases beside this one. */
export function Neighbours({ goTo, from }: { goTo: GoTo; from: string }) {
  const { t } = useTranslation('incidents');
  const arrow = (to: string | null, label: string, Glyph: typeof IconChevronLeft) =>
    to === null ? (
      <ActionIcon variant="default" disabled aria-label={label}>
        <Glyph size={18} stroke={1.8} aria-hidden />
      </ActionIcon>
    ) : (
      <ActionIcon
        component={Link}
        variant="default"
        to={paths.incident(to)}
        state={{ from }}
        replace
        aria-label={label}
        title={label}
      >
        <Glyph size={18} stroke={1.8} aria-hidden />
      </ActionIcon>
    );
  return (
    <nav className={classes.neighbours} aria-label={t('neighbours')}>
      {arrow(goTo.previous, t('previousCase'), IconChevronLeft)}
      {arrow(goTo.next, t('nextCase'), IconChevronRight)}
    </nav>
  );
}
