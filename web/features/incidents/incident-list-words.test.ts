import { describe, expect, it } from 'vitest';
import { excerptOf, piecesOf, wordsOf } from './incident-list-words.ts';

const marked = (text: string, q: string) =>
  piecesOf(text, wordsOf(q))
    .map((piece) => (piece.hit ? `[${piece.text}]` : piece.text))
    .join('');

describe('what was searched for is marked', () => {
  it.each([
    ['Phường Hồng Hải', 'hong hai', 'Phường [Hồng] [Hải]'],
    ['Đỗ xe trước quầy', 'do', '[Đỗ] xe trước quầy'],
    ['Không đeo thẻ', 'ong', 'Không đeo thẻ'],
    ['TN01 · VV-2026-0418', '418', 'TN01 · VV-2026-0[418]'],
    ['Quầy số 1', 'quay 1', '[Quầy] số [1]'],
    ['Quầy số 1', '', 'Quầy số 1'],
  ])('%s for “%s”', (text, q, expected) => {
    expect(marked(text, q)).toBe(expected);
  });
});

describe('a note is quoted', () => {
  const note = 'Quầy trống từ 09:00, người dân chờ lâu vì cán bộ đi họp đột xuất';
  it('from shortly before the word that nothing else shows', () => {
    expect(excerptOf(note, ['Phường Hồng Hải'], wordsOf('hop'))).toBe('… dân chờ lâu vì cán bộ đi họp đột xuất');
  });
  it('only when what is shown does not say it', () => {
    expect(excerptOf(note, ['Để dân chờ, quầy trống'], wordsOf('trong'))).toBeNull();
    expect(excerptOf(note, [], wordsOf('xyz'))).toBeNull();
  });
});
