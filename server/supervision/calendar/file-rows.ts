import type { CalendarContent, Weekday } from '../../contracts/calendar.ts';
import type { CalendarFile } from '../city-schema.ts';

/** The rows of a city's calendar file, in its order. */
export function rowsOfFile(file: CalendarFile): CalendarContent[] {
  return [
    { kind: 'grace', unitIds: [], kinds: [], minutes: file.graceMinutes },
    ...file.schedules.map((row): CalendarContent => {
      const hoursOf = (day: Weekday) => row.week.find(({ days }) => days.includes(day))?.hours ?? [];
      return {
        kind: 'schedule',
        name: row.name,
        period: row.from === undefined || row.to === undefined ? null : { from: row.from, to: row.to },
        unitIds: row.units ?? [],
        kinds: row.kinds ?? [],
        week: {
          mon: hoursOf('mon'),
          tue: hoursOf('tue'),
          wed: hoursOf('wed'),
          thu: hoursOf('thu'),
          fri: hoursOf('fri'),
          sat: hoursOf('sat'),
          sun: hoursOf('sun'),
        },
      };
    }),
    ...file.exceptions.map((row): CalendarContent => {
      const hours = row.hours ?? [];
      return {
        kind: 'exception',
        name: row.name,
        period: { from: row.date, to: row.until ?? row.date },
        unitIds: row.units ?? [],
        kinds: row.kinds ?? [],
        day:
          row.like !== undefined
            ? { type: 'swap', like: row.like }
            : hours.length > 0
              ? { type: 'hours', hours }
              : { type: 'off' },
      };
    }),
  ];
}
