/** The one time zone in which the city works and reads times. */
export const timeZone = 'Asia/Ho_Chi_Minh';

export function plainDateOf(atMs: number): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toZonedDateTimeISO(timeZone).toPlainDate();
}

/** The local date of a moment, YYYY-MM-DD. */
export function dateOf(atMs: number): string {
  return plainDateOf(atMs).toString();
}

/** UTC epoch ms of local midnight at the start of a date. */
export function startOfDayMs(date: Temporal.PlainDate): number {
  return date.toZonedDateTime(timeZone).epochMilliseconds;
}
