import { expect, test } from 'vitest';
import { printable, printableLine } from './printable.ts';
import { lengthWords, placeAndDate, sizeWords, stretchWords } from './report-times.ts';

test.each([
  ['letters are composed', 'Ho\u0302\u0300ng Ha\u0300', 'Hồng Hà'],
  ['line ends are one kind', 'một\r\nhai\rba\u2028bốn', 'một\nhai\nba\nbốn'],
  ['control characters and marks that reorder or hide are dropped', 'a\u0000\u0007b\u202Ec\u200B\u2066d\uFEFF', 'abcd'],
  ['a tabulator is a space', 'a\tb', 'a b'],
  ['what the typeface does not have is a box', 'họp 😀 👩🏽‍💼 会议 مرحبا', 'họp □ □□ □□ □□□□□'],
  ['half a character is told as such', 'a\ud800b', 'a□b'],
  ['no more than two marks stand upon a letter', `e${'\u0324'.repeat(40)}`, 'e\u0324\u0324'],
])('%s', (_, written, printed) => {
  expect(printable(written)).toBe(printed);
});

test('a line stays one', () => {
  expect(printableLine('một\nhai')).toBe('một hai');
});

test('times, lengths and sizes are written as an administrative paper writes them', () => {
  const at = (local: string) => Temporal.ZonedDateTime.from(`${local}[Asia/Ho_Chi_Minh]`).epochMilliseconds;
  expect(placeAndDate('Hạ Long', at('2026-02-05T00:10'))).toBe('Hạ Long, ngày 05 tháng 02 năm 2026');
  expect(placeAndDate('Hạ Long', at('2026-11-24T23:50'))).toBe('Hạ Long, ngày 24 tháng 11 năm 2026');
  expect(stretchWords(at('2026-11-24T23:50'), at('2026-11-25T00:10:05'))).toBe(
    'từ 23:50:00 ngày 24/11/2026 đến 00:10:05 ngày 25/11/2026',
  );
  expect([0, 59_400, 90_000, 3_600_000].map(lengthWords)).toEqual(['0 giây', '59 giây', '1 phút 30 giây', '1 giờ']);
  expect([999, 1500, 999_400, 1_234_567, 20_000_000].map(sizeWords)).toEqual([
    '999 B',
    '1,5 kB',
    '999 kB',
    '1,2 MB',
    '20 MB',
  ]);
});
