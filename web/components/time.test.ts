import { describe, expect, it } from 'vitest';
import {
  DAY_MS,
  fold,
  formatBytes,
  formatDateTime,
  formatDuration,
  formatNumber,
  formatPercent,
  formatShort,
  formatSince,
  formatWeekday,
  matches,
  parseDateTime,
  partsOf,
  startOfDay,
} from './time.ts';

const at = (iso: string) => Date.parse(iso);
const now = at('2026-11-24T09:42:17+07:00');

describe('times are shown in Asia/Ho_Chi_Minh', () => {
  it('writes a moment as dd/MM/yyyy HH:mm:ss, whatever the zone of the machine', () => {
    expect(formatDateTime(at('2026-11-23T17:00:00Z'))).toBe('24/11/2026 00:00:00');
    expect(formatDateTime(at('2026-12-31T16:59:59.999Z'))).toBe('31/12/2026 23:59:59');
    expect(formatShort(now)).toBe('24/11 09:42');
  });

  it('agrees with the time zone database on every month of three years', () => {
    const intl = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Asia/Ho_Chi_Minh',
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    for (let month = 0; month < 36; month++) {
      const ms = Date.UTC(2025, month, 15, 18, 30, 5);
      expect(formatDateTime(ms)).toBe(intl.format(ms).replace(', ', ' '));
    }
  });

  it('names the weekday of Việt Nam in both languages', () => {
    expect(formatWeekday(now, 'vi')).toBe('Thứ Ba');
    expect(formatWeekday(at('2026-11-28T20:00:00Z'), 'vi')).toBe('Chủ Nhật');
    expect(formatWeekday(now, 'en')).toBe('Tuesday');
  });

  it('a day begins at midnight in Việt Nam', () => {
    expect(startOfDay(now)).toBe(at('2026-11-24T00:00:00+07:00'));
    expect(startOfDay(at('2026-11-24T00:00:00+07:00'))).toBe(at('2026-11-24T00:00:00+07:00'));
    expect(partsOf(startOfDay(now) + DAY_MS - 1)).toMatchObject({ day: 24, hour: 23, second: 59, ms: 999 });
  });

  it('says since when with as much date as is needed', () => {
    expect(formatSince(at('2026-11-24T08:51:06+07:00'), now)).toBe('08:51');
    expect(formatSince(at('2026-11-23T08:51:06+07:00'), now)).toBe('23/11 08:51');
    expect(formatSince(at('2025-11-23T08:51:06+07:00'), now)).toBe('23/11/2025 08:51');
  });
});

describe('times that are typed', () => {
  it.each([
    ['24/11/2026 09:42:17', '2026-11-24T09:42:17+07:00'],
    ['24/11/2026 09:42', '2026-11-24T09:42:00+07:00'],
    ['1/2/2026', '2026-02-01T00:00:00+07:00'],
    ['23/11 08:51', '2026-11-23T08:51:00+07:00'],
    ['08:51', '2026-11-24T08:51:00+07:00'],
    ['8h05', '2026-11-24T08:05:00+07:00'],
    ['24/11/2026 09:42:17,250', '2026-11-24T09:42:17.250+07:00'],
  ])('reads %s', (text, iso) => {
    expect(parseDateTime(text, now)).toBe(at(iso));
  });

  it.each(['', ' ', 'nay', '31/02/2026', '32/01/2026', '24:00', '10:60', '10', '24/11/26 10:00'])(
    'refuses %j',
    (text) => {
      expect(parseDateTime(text, now)).toBeNull();
    },
  );

  it('reads back what it writes', () => {
    for (const ms of [0, now, startOfDay(now), at('2028-02-29T23:59:59+07:00')]) {
      expect(parseDateTime(formatDateTime(ms), now)).toBe(ms - (ms % 1000));
    }
  });
});

describe('numbers', () => {
  it('take a decimal comma in Vietnamese and a space before the per cent sign', () => {
    expect(formatPercent(0.986, 'vi')).toBe('98,6\u00a0%');
    expect(formatNumber(1234.56, 'vi')).toBe('1.234,6');
    expect(formatNumber(1234.56, 'en')).toBe('1,234.6');
  });

  it('bytes are told in decimal multiples', () => {
    expect(formatBytes(412_000_000, 'vi')).toBe('412\u00a0MB');
    expect(formatBytes(1_240_000_000_000, 'vi')).toBe('1,2\u00a0TB');
    expect(formatBytes(0, 'vi')).toBe('0\u00a0B');
  });

  it('spans are told in minutes and seconds, with hours only when there are any', () => {
    expect(formatDuration(62_000)).toBe('1:02');
    expect(formatDuration(9_000)).toBe('0:09');
    expect(formatDuration(3_723_000)).toBe('1:02:03');
  });
});

describe('search', () => {
  it('overlooks case and diacritics on both sides', () => {
    expect(matches('hong gai', 'Phường Hồng Gai')).toBe(true);
    expect(matches('ĐỒNG LÂM', 'Xã Đồng Lâm')).toBe(true);
    expect(matches('dong', 'Xã Đồng Sơn')).toBe(true);
    expect(matches('giếng', 'Phuong Gieng Day')).toBe(true);
  });

  it('wants every word, in any order', () => {
    expect(matches('quay hong', 'Phường Hồng Gai Quầy số 3')).toBe(true);
    expect(matches('hong ha', 'Phường Hồng Gai')).toBe(false);
  });

  it('matches everything when empty', () => {
    expect(matches('  ', 'Phường Hồng Gai')).toBe(true);
  });

  it('folds text that came decomposed like text that came composed', () => {
    expect(fold('Hồng'.normalize('NFD'))).toBe(fold('Hồng'.normalize('NFC')));
  });
});
