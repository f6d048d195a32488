import { z } from 'zod';
import { weekday } from '../contracts/calendar.ts';
import { id } from '../contracts/common.ts';
import { category, superior } from '../contracts/incidents.ts';
import { unitKind } from '../contracts/units.ts';

/** The form of the files in a city's folder (config/city); unknown keys are refused. */

const name = z.string().trim().min(1).max(160);
const fileName = z.string().min(1).max(200);

/** YYYY-MM-DD, a day that exists. */
const date = z.string().refine(isDate, { message: 'expected a date, YYYY-MM-DD' });
/** YYYY-MM-DD, or MM-DD for every year. */
const dayOrDate = z
  .string()
  .refine((s) => isDate(s) || isDay(s), { message: 'expected a date: YYYY-MM-DD, or MM-DD for every year' });

function isDate(s: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(s) && parses(() => Temporal.PlainDate.from(s, { overflow: 'reject' }));
}

function isDay(s: string): boolean {
  return /^\d\d-\d\d$/.test(s) && parses(() => Temporal.PlainMonthDay.from(s, { overflow: 'reject' }));
}

function parses(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}

/** `07:30-12:00`, as minutes since midnight. */
const hours = z.string().transform((s, context) => {
  const match = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(s);
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = match?.slice(1).map(Number) ?? [];
  const fromMinutes = fromHour * 60 + fromMinute;
  const toMinutes = toHour * 60 + toMinute;
  if (match === null || fromMinute > 59 || toMinute > 59 || toMinutes > 24 * 60 || fromMinutes >= toMinutes) {
    context.addIssue({ code: 'custom', message: 'expected hours, HH:MM-HH:MM, the end after the start' });
    return z.NEVER;
  }
  return { fromMinutes, toMinutes };
});

const hoursOfDay = z
  .array(hours)
  .max(8)
  .refine((list) => list.every((next, i) => i === 0 || (list[i - 1]?.toMinutes ?? 0) <= next.fromMinutes), {
    message: 'expected hours in order, without overlap',
  });

const selector = {
  units: z.array(id).min(1).max(500).optional(),
  kinds: z.array(unitKind).min(1).optional(),
};

const schedule = z
  .strictObject({
    name,
    from: dayOrDate.optional(),
    to: dayOrDate.optional(),
    ...selector,
    week: z.array(z.strictObject({ days: z.array(weekday).min(1), hours: hoursOfDay })).min(1),
  })
  .refine((s) => (s.from === undefined) === (s.to === undefined), { message: 'expected both from and to, or neither' })
  .refine((s) => s.from?.length === s.to?.length, { message: 'expected from and to in the same form' })
  .refine((s) => s.from?.length !== 10 || s.from <= (s.to ?? ''), { message: 'expected to not before from' })
  .refine((s) => unique(s.week.flatMap((row) => row.days)), { message: 'expected each day of the week once' });

const exception = z
  .strictObject({
    name,
    date: dayOrDate,
    /** The last date of a stretch, inclusive. */
    until: dayOrDate.optional(),
    ...selector,
    hours: hoursOfDay.optional(),
    like: weekday.optional(),
  })
  .refine((e) => (e.hours === undefined) !== (e.like === undefined), { message: 'expected either hours or like' })
  .refine((e) => e.until === undefined || (e.until.length === e.date.length && e.date <= e.until), {
    message: 'expected until in the form of date, not before it',
  });

export const calendarFile = z.strictObject({
  graceMinutes: z.number().int().min(0).max(120),
  schedules: z.array(schedule).min(1).max(500),
  exceptions: z.array(exception).max(5000).default([]),
});
export type CalendarFile = z.output<typeof calendarFile>;

export const unitsFile = z.strictObject({
  units: z
    .array(
      z.strictObject({
        id,
        name,
        kind: unitKind,
        desks: z.array(z.strictObject({ id, name })).max(200).default([]),
        validFrom: date.optional(),
        validTo: date.optional(),
        successor: id.optional(),
      }),
    )
    .min(1)
    .max(2000),
});
export type UnitsFile = z.output<typeof unitsFile>;

export const categoriesFile = z.strictObject({
  categories: z
    .array(z.strictObject({ ...category.shape, vi: name, en: name }))
    .min(1)
    .max(200),
});

/** Working days in which a state has to be left. */
const term = z.number().int().min(1).max(100);

export const workflowFile = z.strictObject({
  terms: z
    .strictObject({
      flagged: term.default(2),
      verifying: term.default(2),
      explanation_requested: term.default(3),
      awaiting_conclusion: term.default(5),
      /** In which the unit may appeal. */
      concluded: term.default(5),
      appealed: term.default(5),
    })
    .prefault({}),
  /** Who is told when the term of a state has passed; nobody, where a state is null. */
  superiors: z
    .strictObject({
      flagged: superior.nullable().default({ role: 'leader' }),
      verifying: superior.nullable().default({ role: 'leader' }),
      explanation_requested: superior.nullable().default({ role: 'home_affairs' }),
      awaiting_conclusion: superior.nullable().default({ role: 'leader' }),
      appealed: superior.nullable().default({ role: 'leader' }),
    })
    .prefault({}),
  /** How long the footage of a case is kept after its end. */
  keepFootageMonths: z.number().int().min(0).max(600).default(24),
  /** How far back an earlier case of the same unit and category makes a repeat. */
  repeats: z.strictObject({ days: z.number().int().min(1).max(3660).default(90) }).prefault({}),
  /** Share of the decided cases that somebody else reads blind; 0 is none. */
  secondReading: z.strictObject({ percent: z.number().min(0).max(100).default(5) }).prefault({}),
});
export type Workflow = z.output<typeof workflowFile>;

export const cityFile = z.strictObject({
  name,
  /** The demo: every page is labelled with it. */
  simulated: z.boolean().default(false),
  units: fileName.default('units.yaml'),
  categories: fileName.default('categories.yaml'),
  calendar: fileName.default('calendar.yaml'),
  /** Terms and superiors; the usual ones where there is no such file. */
  workflow: fileName.optional(),
  /** Head of printed papers, line by line; made from the city's name where it is left out. */
  issuingBody: z.array(name).min(1).max(3).optional(),
  /** Where papers are dated, as in "Hạ Long, ngày …"; the city's name where it is left out. */
  place: name.optional(),
});

export function unique(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
