import { timeZone } from '../local-time.ts';

const two = (n: number) => String(n).padStart(2, '0');

export const localOf = (atMs: number): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toZonedDateTimeISO(timeZone);

/** `24/11/2026` */
export function dateWords(atMs: number): string {
  const { day, month, year } = localOf(atMs);
  return `${two(day)}/${two(month)}/${year}`;
}

/** `09:42:17` */
export function timeWords(atMs: number): string {
  const { hour, minute, second } = localOf(atMs);
  return `${two(hour)}:${two(minute)}:${two(second)}`;
}

/** `09:42:17 ngày 24/11/2026` */
export const momentWords = (atMs: number): string => `${timeWords(atMs)} ngày ${dateWords(atMs)}`;

/** `09:42 ngày 24/11/2026` */
export const minuteWords = (atMs: number): string => `${timeWords(atMs).slice(0, 5)} ngày ${dateWords(atMs)}`;

/** A stretch within a day or over several: `từ 09:41:17 đến 09:42:17 ngày 24/11/2026`. */
export function stretchWords(fromMs: number, toMs: number): string {
  const sameDay = dateWords(fromMs) === dateWords(toMs);
  return `từ ${sameDay ? timeWords(fromMs) : momentWords(fromMs)} đến ${momentWords(toMs)}`;
}

/** `1 phút 30 giây` */
export function lengthWords(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts = [
    [Math.floor(seconds / 3600), 'giờ'],
    [Math.floor((seconds % 3600) / 60), 'phút'],
    [seconds % 60, 'giây'],
  ] as const;
  const said = parts.filter(([n]) => n > 0).map(([n, unit]) => `${n} ${unit}`);
  return said.length === 0 ? '0 giây' : said.join(' ');
}

/**
 * Place and date as Nghị định 30/2020/NĐ-CP, Phụ lục I, wants them: days below 10 and the months 1 and 2 have two digits, so that no digit can be
 * put in front of them.
 */
export function placeAndDate(place: string, atMs: number): string {
  const { day, month, year } = localOf(atMs);
  return `${place}, ngày ${two(day)} tháng ${month < 3 ? two(month) : month} năm ${year}`;
}

/** `1,2 MB`: with the decimal comma, in powers of ten. */
export function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [value, unit] = bytes < 999_500 ? [bytes / 1000, 'kB'] : [bytes / 1e6, 'MB'];
  return `${value.toLocaleString('vi-VN', { maximumFractionDigits: value < 10 ? 1 : 0 })} ${unit}`;
}
