import { ActionIcon } from '@mantine/core';
import IconChevronLeft from '@tabler/icons-react/icons/IconChevronLeft';
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Severity } from '../../../server/contracts/common.ts';
import { SeverityMark } from '../../components/severity.tsx';
import { DAY_MS, formatDate, partsOf, startOfDay } from '../../components/time.ts';
import classes from './month.module.css';

type Props = {
  /** Midnight of any day of the month shown. */
  monthMs: number;
  chosenMs: number;
  /** Midnight. */
  todayMs: number;
  /** Whether a day (its midnight) has footage, and the gravest of its incidents. */
  recorded: (dayMs: number) => boolean;
  severity: (dayMs: number) => Severity | null;
  onMonth: (monthMs: number) => void;
  onDay: (dayMs: number) => void;
};

const WEEK = 7;

/** Midnight of the first day of the month `by` months away. */
export function monthStart(ms: number, by = 0): number {
  const { year, month } = partsOf(ms);
  return startOfDay(Date.UTC(year, month - 1 + by, 1));
}

/** Whole weeks from Monday on that hold a month, as midnights. */
export function daysOf(monthMs: number): number[] {
  const first = monthStart(monthMs);
  const before = (partsOf(first).weekday + 6) % WEEK;
  const length = Math.round((monthStart(monthMs, 1) - first) / DAY_MS);
  const count = Math.ceil((before + length) / WEEK) * WEEK;
  return Array.from({ length: count }, (_, i) => first + (i - before) * DAY_MS);
}

/** The days of a month: which have footage, and which incidents. */
export const Month = memo(function Month({ monthMs, chosenMs, todayMs, recorded, severity, onMonth, onDay }: Props) {
  const { t } = useTranslation(['playback', 'common']);
  const { month, year } = partsOf(monthMs);
  return (
    <section aria-label={t('calendar')}>
      <div className={classes.head}>
        <ActionIcon size={32} aria-label={t('previousMonth')} onClick={() => onMonth(monthStart(monthMs, -1))}>
          <IconChevronLeft size={18} stroke={1.8} />
        </ActionIcon>
        <h2>{t('month', { year, name: t(`monthName.${month}`) })}</h2>
        <ActionIcon size={32} aria-label={t('nextMonth')} onClick={() => onMonth(monthStart(monthMs, 1))}>
          <IconChevronRight size={18} stroke={1.8} />
        </ActionIcon>
      </div>
      <div className={classes.days}>
        {[1, 2, 3, 4, 5, 6, 0].map((day) => (
          <span key={day} className={classes.weekday} aria-hidden>
            {t(`weekday.${day}`)}
          </span>
        ))}
        {daysOf(monthMs).map((day) => {
          const grave = severity(day);
          return (
            <button
              key={day}
              type="button"
              className={classes.day}
              data-other={partsOf(day).month !== month || undefined}
              data-today={day === todayMs || undefined}
              aria-pressed={day === startOfDay(chosenMs)}
              disabled={day > todayMs}
              onClick={() => onDay(day)}
            >
              {partsOf(day).day}
              <span className={classes.spoken}>
                {formatDate(day)}
                {recorded(day) && `, ${t('hasRecording')}`}
              </span>
              {recorded(day) && <i className={classes.recorded} />}
              {grave !== null && (
                <i className={classes.pin} title={t('dayIncident', { severity: t(`common:severity.${grave}`) })}>
                  <SeverityMark severity={grave} size={10} label={false} />
                  <span className={classes.spoken}>
                    , {t('dayIncident', { severity: t(`common:severity.${grave}`) })}
                  </span>
                </i>
              )}
            </button>
          );
        })}
      </div>
      <p className={classes.legend}>
        <i className={classes.line} /> {t('hasRecording')} <SeverityMark severity={2} size={10} label={false} />{' '}
        {t('hasIncident')}
      </p>
    </section>
  );
});
