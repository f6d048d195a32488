import type { ExceptionDay } from '../../contracts/calendar.ts';

/**
 * How an exception is written as an all-day event (RFC 5545, section 3.6.1). CATEGORIES says its kind; what iCalendar has no word for
 * stands in properties of our own (section 3.8.8.2). An event without any of them is a day off.
 */
export const icalProperties = {
  /** `07:30-12:00,13:00-16:30` */
  hours: 'x-lienthong-hours',
  /** `MO` … `SU`: the day of the week by whose hours a swap day is worked. */
  like: 'x-lienthong-like',
  /** `MORNING` or `AFTERNOON` */
  half: 'x-lienthong-half',
  /** Ids of units, joined by commas. */
  units: 'x-lienthong-units',
  /** Kinds of units, joined by commas. */
  kinds: 'x-lienthong-kinds',
} as const;

export const icalCategories: Readonly<Record<ExceptionDay['type'], string>> = {
  off: 'HOLIDAY',
  half: 'HALF-DAY',
  swap: 'SWAP-DAY',
  hours: 'WORKING-HOURS',
};

/** Besides our own word for it, a swap day may be called so. */
export const swapCategories: ReadonlySet<string> = new Set([icalCategories.swap, 'SWAP', 'LÀM BÙ', 'NGÀY LÀM BÙ']);

export const icalWeekdays = { MO: 'mon', TU: 'tue', WE: 'wed', TH: 'thu', FR: 'fri', SA: 'sat', SU: 'sun' } as const;

export const ownUid = (rowId: string) => `${rowId}@lienthong`;
