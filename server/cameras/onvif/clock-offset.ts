import { at, numberAt, textAt, type XmlElement } from './xml.ts';

/**
 * UTC of a GetSystemDateAndTimeResponse in epoch ms, at the middle of its second, or null where it is missing or no date
 * (ONVIF Core, section 8.3.9). Devices that tell only their local time are understood where their zone is a plain offset.
 */
export function deviceTimeMs(response: XmlElement): number | null {
  const told = at(response, 'SystemDateAndTime');
  const utcMs = dateTimeMs(at(told, 'UTCDateTime'));
  if (utcMs !== null) return utcMs;
  const localMs = dateTimeMs(at(told, 'LocalDateTime'));
  const offsetMs = posixOffsetMs(textAt(told, 'TimeZone', 'TZ') ?? '');
  if (localMs === null || offsetMs === null || textAt(told, 'DaylightSavings') === 'true') return null;
  return localMs + offsetMs;
}

function dateTimeMs(element: XmlElement | undefined): number | null {
  const [year, month, day] = ['Year', 'Month', 'Day'].map((part) => numberAt(element, 'Date', part));
  const [hour, minute, second] = ['Hour', 'Minute', 'Second'].map((part) => numberAt(element, 'Time', part));
  if (year == null || month == null || day == null || hour == null || minute == null || second == null) return null;
  if (year < 1970 || year > 9999 || hour > 23 || minute > 59 || second > 60) return null;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second, 500);
  const date = new Date(ms);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? ms : null;
}

/** POSIX: what is added to local time for UTC, so that `CST-8` is eight hours east. Null where daylight saving has a say. */
function posixOffsetMs(zone: string): number | null {
  const match = /^(?:<[^>]{1,20}>|[A-Za-z]{3,20})([+-]?)(\d{1,2})(?::(\d{2}))?(?::00)?$/.exec(zone);
  if (!match) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return (match[1] === '-' ? -minutes : minutes) * 60_000;
}
