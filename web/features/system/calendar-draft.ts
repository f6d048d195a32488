import {
  type CalendarContent,
  calendarPeriod,
  type DayHours,
  daysIn,
  type ExceptionDay,
  longestExceptionDays,
  type Weekday,
  weekday,
} from '../../../server/contracts/calendar.ts';
import { formatCalendarDate, formatHours, parseCalendarDate, parseHours } from './calendar-text.ts';

/** A row as it is typed. */
export interface Draft {
  name: string;
  from: string;
  to: string;
  unitIds: string[];
  kinds: CalendarContent['kinds'];
  type: ExceptionDay['type'];
  half: 'morning' | 'afternoon';
  like: Weekday;
  hours: string;
  week: Record<Weekday, string>;
  minutes: string;
}

const USUAL = '07:30–12:00, 13:00–16:30';

/** What the fields say at first: the row, or what is usual. `date` is the day that was pressed. */
export function draftOf(content: CalendarContent | undefined, date?: string): Draft {
  const draft: Draft = {
    name: '',
    from: date === undefined ? '' : formatCalendarDate(date),
    to: '',
    unitIds: content?.unitIds ?? [],
    kinds: content?.kinds ?? [],
    type: 'off',
    half: 'morning',
    like: 'fri',
    hours: USUAL,
    week: { mon: USUAL, tue: USUAL, wed: USUAL, thu: USUAL, fri: USUAL, sat: '', sun: '' },
    minutes: content?.kind === 'grace' ? String(content.minutes) : '',
  };
  if (content === undefined || content.kind === 'grace') return draft;
  const { name, period } = content;
  const from = period === null ? '' : formatCalendarDate(period.from);
  const to = period === null || period.to === period.from ? '' : formatCalendarDate(period.to);
  if (content.kind === 'schedule') {
    const week = { ...draft.week };
    for (const day of weekday.options) week[day] = formatHours(content.week[day]);
    return { ...draft, name, from, to, week };
  }
  const { day } = content;
  return {
    ...draft,
    name,
    from,
    to,
    type: day.type,
    half: day.type === 'half' ? day.half : draft.half,
    like: day.type === 'swap' ? day.like : draft.like,
    hours: day.type === 'hours' ? formatHours(day.hours) : draft.hours,
  };
}

/** The row that a draft says, or the fields that are wrong. */
export function readDraft(
  kind: CalendarContent['kind'],
  draft: Draft,
): { content: CalendarContent; wrong: null } | { content: null; wrong: Set<string> } {
  const wrong = new Set<string>();
  const whom = { unitIds: draft.unitIds, kinds: draft.kinds };
  const done = (content: CalendarContent) => (wrong.size === 0 ? { content, wrong: null } : { content: null, wrong });
  if (kind === 'grace') {
    const minutes = Number(draft.minutes);
    if (!/^\d{1,3}$/.test(draft.minutes.trim()) || minutes > 120) wrong.add('minutes');
    return done({ kind, ...whom, minutes });
  }
  const name = draft.name.trim();
  if (name === '' || name.length > 160) wrong.add('name');
  const period = readPeriod(draft, wrong, kind === 'exception');
  if (kind === 'schedule') {
    const week: Record<Weekday, DayHours> = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
    for (const day of weekday.options) {
      const hours = parseHours(draft.week[day]);
      if (hours === null) wrong.add(`week.${day}`);
      else week[day] = hours;
    }
    if (weekday.options.every((day) => draft.week[day].trim() === '')) wrong.add('week');
    return done({ kind, name, period, ...whom, week });
  }
  const hours = draft.type === 'hours' ? parseHours(draft.hours) : [];
  if (draft.type === 'hours' && (hours === null || hours.length === 0)) wrong.add('hours');
  const day: ExceptionDay =
    draft.type === 'half'
      ? { type: 'half', half: draft.half }
      : draft.type === 'swap'
        ? { type: 'swap', like: draft.like }
        : draft.type === 'hours'
          ? { type: 'hours', hours: hours ?? [] }
          : { type: 'off' };
  return done({ kind, name, period: period ?? { from: '', to: '' }, ...whom, day });
}

function readPeriod(draft: Draft, wrong: Set<string>, isException: boolean): { from: string; to: string } | null {
  if (!isException && draft.from.trim() === '' && draft.to.trim() === '') return null;
  const from = parseCalendarDate(draft.from);
  const to = draft.to.trim() === '' && isException ? from : parseCalendarDate(draft.to);
  if (from === null) wrong.add('from');
  if (to === null) wrong.add('to');
  if (from === null || to === null) return null;
  const period = { from, to };
  if (!calendarPeriod.safeParse(period).success || (isException && daysIn(period) > longestExceptionDays))
    wrong.add('to');
  return period;
}
