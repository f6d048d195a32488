import { useTranslation } from 'react-i18next';
import {
  type CalendarContent,
  type CalendarDay,
  type CalendarException,
  type CalendarSchedule,
  weekday,
} from '../../../server/contracts/calendar.ts';
import type { Unit } from '../../../server/contracts/units.ts';
import { formatCalendarDate, formatHours } from './calendar-text.ts';

export type DayKind = 'working' | 'weekend' | 'off' | 'half' | 'swap' | 'own';
export const dayKinds: readonly DayKind[] = ['working', 'weekend', 'off', 'half', 'swap', 'own'];

/** How a day is shown: by what made it so, else by its hours. */
export function kindOf({ exception, hours, half }: CalendarDay): DayKind {
  if (exception !== null) return exception.cause;
  if (hours.length === 0) return 'weekend';
  return half ? 'half' : 'working';
}

/** Monday is 0. */
export function weekdayOf(iso: string): (typeof weekday.options)[number] {
  return weekday.options[(new Date(iso).getUTCDay() + 6) % 7] ?? 'mon';
}

/** The calendar in words: for whom a row is, what a day is, the hours of a week. */
export function useCalendarWords(units: readonly Unit[] | undefined) {
  const { t } = useTranslation('calendar');
  const whom = ({ unitIds, kinds }: Pick<CalendarContent, 'unitIds' | 'kinds'>): string => {
    if (unitIds.length === 0 && kinds.length === 0) return t('all');
    const names = unitIds.map((id) => units?.find((unit) => unit.id === id)?.name ?? id);
    return [
      ...kinds.map((kind) => t(`unitKind.${kind}`)),
      ...(names.length > 2 ? [t('units', { count: names.length, names: names.join(', ') })] : names),
    ].join(', ');
  };
  const what = ({ day }: CalendarException): string => {
    if (day.type === 'half') return t(`halfOf.${day.half}`);
    if (day.type === 'swap') return t('likeDay', { weekday: t(`weekdayName.${day.like}`) });
    return day.type === 'hours' ? formatHours(day.hours) : '';
  };
  /** Days of the same hours together: `Thứ Hai đến Thứ Sáu: 07:30–12:00, 13:00–16:30`. */
  const week = (content: CalendarSchedule): { days: string; hours: string }[] => {
    const runs: { from: number; to: number; hours: string }[] = [];
    weekday.options.forEach((day, i) => {
      const hours = formatHours(content.week[day]);
      const last = runs.at(-1);
      if (last !== undefined && last.hours === hours) last.to = i;
      else runs.push({ from: i, to: i, hours });
    });
    const name = (i: number) => t(`weekdayName.${weekday.options[i] ?? 'mon'}`);
    return runs
      .filter(({ hours }) => hours !== '')
      .map(({ from, to, hours }) => ({
        days: from === to ? name(from) : t('sameDays', { from: name(from), to: name(to) }),
        hours,
      }));
  };
  const day = (one: CalendarDay): string => {
    const words = t('day', {
      weekday: t(`weekdayName.${weekdayOf(one.date)}`),
      date: formatCalendarDate(one.date),
      kind: t(`kind.${kindOf(one)}`),
    });
    const named = one.exception === null ? words : t('dayNamed', { day: words, name: one.exception.name });
    return one.hours.length === 0 ? named : t('dayHours', { day: named, hours: formatHours(one.hours) });
  };
  return { whom, what, week, day };
}
