import type { CalendarContent } from '../../contracts/calendar.ts';
import { AppError } from '../../platform/errors.ts';
import { Calendar } from '../calendar.ts';
import type { Units } from '../units.ts';
import { compileRules, uncoveredDay } from './rules.ts';

const most: Record<CalendarContent['kind'], number> = { schedule: 500, exception: 5_000, grace: 500 };
/** The city's offices may rest so many days on end; beyond it is a slip of the hand, and terms would never end. */
const longestRestDays = 60;
const lookAheadDays = 3 * 366;

/**
 * What all rows together have to keep to after a change that enters `entered`.
 * Errors: `unit_unknown`, `calendar_full`, `calendar_days_uncovered`, `calendar_no_work`.
 */
export function judgeRows(
  rows: readonly { readonly id: string; readonly content: CalendarContent }[],
  entered: readonly CalendarContent[],
  units: Units,
  today: Temporal.PlainDate,
): void {
  for (const { unitIds } of entered) {
    const unknown = unitIds.find((id) => units.find(id) === undefined);
    if (unknown !== undefined) {
      throw new AppError('invalid', 'unit_unknown', { fields: { unitIds: 'unit_unknown' }, params: { unit: unknown } });
    }
  }
  for (const kind of ['schedule', 'exception', 'grace'] as const) {
    const count = rows.filter(({ content }) => content.kind === kind).length;
    if (count > most[kind]) throw new AppError('conflict', 'calendar_full', { params: { most: most[kind] } });
  }
  const uncovered = uncoveredDay(rows.map(({ content }) => content));
  if (uncovered !== null) {
    const [month, day] = uncovered.split('-');
    throw new AppError('invalid', 'calendar_days_uncovered', { params: { day: `${day}/${month}` } });
  }
  const candidate = new Calendar(compileRules(rows, units.list()));
  let date = today;
  for (let i = 0, rest = 0; i < lookAheadDays; i++, date = date.add({ days: 1 })) {
    rest = candidate.day(null, date).hours.length > 0 ? 0 : rest + 1;
    if (rest > longestRestDays) {
      const { day, month, year } = date;
      throw new AppError('invalid', 'calendar_no_work', {
        params: { days: longestRestDays, date: `${day}/${month}/${year}` },
      });
    }
  }
}
