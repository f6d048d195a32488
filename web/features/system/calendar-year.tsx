import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CalendarDay, weekday } from '../../../server/contracts/calendar.ts';
import type { Unit } from '../../../server/contracts/units.ts';
import table from '../../components/table.module.css';
import classes from './calendar.module.css';
import { shiftDate, weeksOf } from './calendar-text.ts';
import { dayKinds, kindOf, useCalendarWords } from './calendar-words.ts';

interface YearProps {
  year: number;
  days: readonly CalendarDay[];
  today: string;
  units: readonly Unit[] | undefined;
  onDay: (day: CalendarDay) => void;
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** Twelve months, Monday first; one stop of the tab key, the arrows move from day to day. */
export function CalendarYear({ year, days, today, units, onDay }: YearProps) {
  const { t } = useTranslation('calendar');
  const words = useCalendarWords(units);
  const byDate = new Map(days.map((day) => [day.date, day]));
  const keysId = useId();
  const [chosen, setChosen] = useState(today);
  const stop = byDate.has(chosen) ? chosen : (days[0]?.date ?? '');
  const move = (event: React.KeyboardEvent<HTMLElement>) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = shiftDate(stop, step);
    if (!byDate.has(next)) return;
    setChosen(next);
    event.currentTarget.querySelector<HTMLElement>(`[data-date="${next}"]`)?.focus();
  };
  return (
    <section className={classes.months} aria-label={t('year', { year })} aria-describedby={keysId} onKeyDown={move}>
      <p className={table.spoken} id={keysId}>
        {t('keys')}
      </p>
      {Array.from({ length: 12 }, (_, i) => i + 1).map((month) => (
        <div key={month} className={classes.month}>
          <table>
            <caption>{t(`month.${month}`)}</caption>
            <thead>
              <tr>
                {weekday.options.map((day) => (
                  <th key={day} scope="col" abbr={t(`weekdayName.${day}`)}>
                    {t(`weekday.${day}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {weeksOf(year, month).map((week) => (
                <tr key={week.find((date) => date !== null)}>
                  {week.map((date, at) => {
                    const day = date === null ? undefined : byDate.get(date);
                    if (day === undefined) return <td key={weekday.options[at]} />;
                    return (
                      <td key={weekday.options[at]}>
                        <button
                          type="button"
                          className={classes.day}
                          data-date={day.date}
                          data-kind={kindOf(day)}
                          data-today={day.date === today || undefined}
                          tabIndex={day.date === stop ? 0 : -1}
                          title={words.day(day)}
                          aria-current={day.date === today ? 'date' : undefined}
                          onFocus={() => setChosen(day.date)}
                          onClick={() => onDay(day)}
                        >
                          <span>{Number(day.date.slice(8))}</span>
                          <span className={table.spoken}>, {words.day(day)}</span>
                        </button>
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ))}
    </section>
  );
}

export function CalendarLegend() {
  const { t } = useTranslation('calendar');
  return (
    <ul className={classes.legend} aria-label={t('legend')}>
      {dayKinds.map((kind) => (
        <li key={kind}>
          <span className={classes.day} data-kind={kind} aria-hidden>
            8
          </span>
          {t(`kind.${kind}`)}
        </li>
      ))}
    </ul>
  );
}
