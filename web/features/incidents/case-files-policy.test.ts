import { expect, it } from 'vitest';
import { kindOf, LARGEST_BYTES, MOST_FILES, refuseFile, typeOf } from './case-files-policy.ts';

const pdf = (name: string, size = 100) => ({ name, size });

it.each([
  ['Báo cáo.PDF', 100, null],
  ['ảnh.jpeg', LARGEST_BYTES, null],
  ['ảnh.jpeg', LARGEST_BYTES + 1, 'size'],
  ['rỗng.docx', 0, 'empty'],
  ['macro.docm', 100, 'type'],
  ['pdf', 100, 'type'],
  ['trang.html', 100, 'type'],
])('says before sending whether %s of %i bytes can be attached: %s', (name, size, refusal) => {
  expect(refuseFile({ name, size }, [])).toBe(refusal);
});

it('takes a file once, and ten at most', () => {
  const present = Array.from({ length: MOST_FILES }, (_, n) => ({ name: `${n}.pdf`, sizeBytes: 100 }));
  expect(refuseFile(pdf('3.pdf'), present)).toBe('twice');
  expect(refuseFile(pdf('3.pdf', 101), present)).toBe('count');
  expect(refuseFile(pdf('x.pdf'), present)).toBe('count');
  expect(refuseFile(pdf('x.pdf'), present.slice(1))).toBeNull();
});

it('knows a file by its ending', () => {
  expect(typeOf('a.b.ODS')).toBe('application/vnd.oasis.opendocument.spreadsheet');
  expect(typeOf('ods')).toBeUndefined();
  expect(['a.pdf', 'a.webp', 'a.doc', 'a.xlsx', 'a.pptx', 'a'].map(kindOf)).toEqual([
    'pdf',
    'picture',
    'text',
    'sheet',
    'slides',
    'other',
  ]);
});
