/**
 * Times as people in Việt Nam write them. Everything shown is Asia/Ho_Chi_Minh, which has been UTC+7 without summer time
 * since 1975, so a fixed shift is exact for every time this product can hold, and much faster than Intl in a timeline.
 */
const OFFSET_MS = 7 * 3_600_000;
export const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

export type Lang = 'vi' | 'en';

const two = (n: number) => String(n).padStart(2, '0');

interface Parts {
  year: number;
  /** 1–12 */
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
  /** 0 is Sunday. */
  weekday: number;
}

/** The calendar and clock in Việt Nam at an instant. */
export function partsOf(epochMs: number): Parts {
  const d = new Date(epochMs + OFFSET_MS);
  return {
    year: d.getUTCFullYear(),
    month: d.getUTCMonth() + 1,
    day: d.getUTCDate(),
    hour: d.getUTCHours(),
    minute: d.getUTCMinutes(),
    second: d.getUTCSeconds(),
    ms: d.getUTCMilliseconds(),
    weekday: d.getUTCDay(),
  };
}

/** `24/11/2026` */
export function formatDate(epochMs: number): string {
  const p = partsOf(epochMs);
  return `${two(p.day)}/${two(p.month)}/${p.year}`;
}

/** `24/11` */
export function formatDay(epochMs: number): string {
  const p = partsOf(epochMs);
  return `${two(p.day)}/${two(p.month)}`;
}

/** `09:42` */
export function formatMinute(epochMs: number): string {
  const p = partsOf(epochMs);
  return `${two(p.hour)}:${two(p.minute)}`;
}

/** `09:42:17` */
export function formatTime(epochMs: number): string {
  return `${formatMinute(epochMs)}:${two(partsOf(epochMs).second)}`;
}

/** `24/11/2026 09:42:17` */
export function formatDateTime(epochMs: number): string {
  return `${formatDate(epochMs)} ${formatTime(epochMs)}`;
}

/** `24/11 09:42`, for lists. */
export function formatShort(epochMs: number): string {
  return `${formatDay(epochMs)} ${formatMinute(epochMs)}`;
}

/** When something began: `08:51` today, `23/11 08:51` on another day of the same year, else `23/11/2025 08:51`. */
export function formatSince(epochMs: number, nowMs: number): string {
  if (startOfDay(epochMs) === startOfDay(nowMs)) return formatMinute(epochMs);
  if (partsOf(epochMs).year === partsOf(nowMs).year) return formatShort(epochMs);
  return `${formatDate(epochMs)} ${formatMinute(epochMs)}`;
}

const WEEKDAYS: Record<Lang, readonly string[]> = {
  vi: ['Chủ Nhật', 'Thứ Hai', 'Thứ Ba', 'Thứ Tư', 'Thứ Năm', 'Thứ Sáu', 'Thứ Bảy'],
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
};

/** `Thứ Ba` or `Tuesday` */
export function formatWeekday(epochMs: number, lang: Lang): string {
  return WEEKDAYS[lang][partsOf(epochMs).weekday] ?? '';
}

/** Midnight in Việt Nam at or before an instant, as epoch ms. */
export function startOfDay(epochMs: number): number {
  return Math.floor((epochMs + OFFSET_MS) / DAY_MS) * DAY_MS - OFFSET_MS;
}

/** Whole-number span as `1:02:03` or `2:03`. */
export function formatDuration(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  const hours = Math.floor(s / 3600);
  const rest = `${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest.replace(/^0/, '');
}

const FORM =
  /^\s*(?:(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?(?:[\sT,]+|$))?(?:(\d{1,2})[:h](\d{2})(?::(\d{2})(?:[.,](\d{1,3}))?)?)?\s*$/;

/**
 * Reads what the formatters write: `24/11/2026 09:42:17`, `24/11 09:42`, `09:42`, `24/11/2026`. What is left out comes from
 * `nowMs` (date) or is zero (time).
 * @returns epoch ms, or null when it is not a time
 */
export function parseDateTime(text: string, nowMs: number): number | null {
  const m = FORM.exec(text);
  if (m === null || text.trim() === '') return null;
  const now = partsOf(nowMs);
  const [day, month, year] = [Number(m[1] ?? now.day), Number(m[2] ?? now.month), Number(m[3] ?? now.year)];
  const [hour, minute, second] = [Number(m[4] ?? 0), Number(m[5] ?? 0), Number(m[6] ?? 0)];
  const ms = Number((m[7] ?? '0').padEnd(3, '0'));
  if (hour > 23 || minute > 59 || second > 59) return null;
  const utc = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const check = new Date(utc);
  if (check.getUTCMonth() !== month - 1 || check.getUTCDate() !== day) return null;
  return utc - OFFSET_MS;
}

const numberFormats = new Map<string, Intl.NumberFormat>();

/** `1.234,5` in Vietnamese, `1,234.5` in English, with at most `digits` decimals. */
export function formatNumber(value: number, lang: Lang, digits = 1): string {
  const key = `${lang}${digits}`;
  const format = numberFormats.get(key) ?? new Intl.NumberFormat(lang, { maximumFractionDigits: digits });
  numberFormats.set(key, format);
  return format.format(value);
}

/** A share of 1 as `98,6 %`: the space is part of the form (and does not break). */
export function formatPercent(share: number, lang: Lang, digits = 1): string {
  return `${formatNumber(share * 100, lang, digits)}\u00a0%`;
}

/** `412 MB`, `1,2 TB`; decimal multiples. */
export function formatBytes(bytes: number, lang: Lang): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${formatNumber(value, lang, value < 10 && unit > 0 ? 1 : 0)}\u00a0${units[unit]}`;
}

/** Text without case and diacritics: `Phường Hồng Gai` → `phuong hong gai`. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase();
}

/** Whether every word of the query occurs in the text, whatever its case and diacritics. An empty query matches all. */
export function matches(query: string, text: string): boolean {
  const haystack = fold(text);
  return fold(query)
    .split(/\s+/)
    .filter((word) => word !== '')
    .every((word) => haystack.includes(word));
}
