import { at, numberAt, type XmlElement } from './xml.ts';

/**
 * UTC of a GetSystemDateAndTimeResponse in epoch ms, at the middle of its second, or null where it is missing or no date.
 * (ONVIF Core, section 8.3.9; `LocalDateTime` alone says nothing without its zone.)
 */
export function deviceTimeMs(response: XmlElement): number | null {
  const utc = at(response, 'SystemDateAndTime', 'UTCDateTime');
  const [year, month, day] = ['Year', 'Month', 'Day'].map((part) => numberAt(utc, 'Date', part));
  const [hour, minute, second] = ['Hour', 'Minute', 'Second'].map((part) => numberAt(utc, 'Time', part));
  if (year == null || month == null || day == null || hour == null || minute == null || second == null) return null;
  if (year < 1970 || year > 9999 || hour > 23 || minute > 59 || second > 60) return null;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second, 500);
  const date = new Date(ms);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? ms : null;
}
