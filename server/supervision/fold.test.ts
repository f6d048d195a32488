import { expect, test } from 'vitest';
import { fold, searchWords } from './fold.ts';

test('folded text has no diacritics, no capitals and single spaces, however it was composed', () => {
  expect(fold('  Phường  HỒNG Hà\n')).toBe('phuong hong ha');
  expect(fold('Đường đỏ')).toBe('duong do');
  expect(fold('Quầy số 1 ("Hồng Hải"), lúc 9:30…')).toBe('quay so 1 hong hai luc 9 30');
  expect(fold('Giếng Đáy'.normalize('NFD'))).toBe('gieng day');
});

test('a query is its folded words, ten at most', () => {
  expect(searchWords(' Hồng   Hà ')).toEqual(['hong', 'ha']);
  expect(searchWords('   ')).toEqual([]);
  expect(searchWords('a '.repeat(50))).toHaveLength(10);
});
