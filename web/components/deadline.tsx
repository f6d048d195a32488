import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconClock from '@tabler/icons-react/icons/IconClock';
import IconClockExclamation from '@tabler/icons-react/icons/IconClockExclamation';
import { useTranslation } from 'react-i18next';
import { Chip } from './chip.tsx';
import classes from './deadline.module.css';
import { formatShort, startOfDay } from './time.ts';
import { useNow } from './use-now.ts';

interface DeadlineProps {
  /** Both null when the case has ended. */
  dueAtMs: number | null;
  workingDaysLeft: number | null;
  /** A chip in one line instead of two lines. */
  chip?: boolean;
}

export type Term = 'none' | 'left' | 'today' | 'overdue';

/** How a case stands to its term. */
export function termOf(dueAtMs: number | null, workingDaysLeft: number | null, nowMs: number): Term {
  if (dueAtMs === null || workingDaysLeft === null) return 'none';
  if (workingDaysLeft < 0 || dueAtMs < nowMs) return 'overdue';
  return startOfDay(dueAtMs) === startOfDay(nowMs) ? 'today' : 'left';
}

/** `Còn 3 ngày làm việc` and the date; today in orange, overdue in red, both with a clock. */
export function Deadline({ dueAtMs, workingDaysLeft, chip = false }: DeadlineProps) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const term = termOf(dueAtMs, workingDaysLeft, now);
  if (term === 'none' || dueAtMs === null || workingDaysLeft === null) {
    return chip ? (
      <Chip tone="good" icon={IconCircleCheck}>
        {t('deadline.none')}
      </Chip>
    ) : (
      <span className={classes.none}>{t('deadline.none')}</span>
    );
  }
  const date = formatShort(dueAtMs);
  const days = Math.abs(workingDaysLeft);
  const words =
    term === 'left'
      ? t('deadline.left', { count: days })
      : term === 'today'
        ? t('deadline.today')
        : days === 0
          ? t('deadline.overdueToday')
          : t('deadline.overdue', { count: days });
  const Glyph = term === 'overdue' ? IconClockExclamation : IconClock;
  if (chip) {
    return (
      <Chip tone={term === 'left' ? 'plain' : term} icon={Glyph}>
        {term === 'today' ? `${words} ${date.slice(6)}` : words}
      </Chip>
    );
  }
  return (
    <span className={classes.root} data-term={term}>
      <span className={classes.words}>
        {term !== 'left' && <Glyph size={16} stroke={1.8} aria-hidden />}
        {words}
      </span>
      <span className={classes.date}>{date}</span>
    </span>
  );
}
