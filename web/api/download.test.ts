import { expect, test } from 'vitest';
import { nameIn } from './download.ts';

test.each([
  ['attachment; filename="VV-2026-0001.pdf"', 'VV-2026-0001.pdf'],
  ['attachment; filename=vu-viec-2026-11-24.xlsx', 'vu-viec-2026-11-24.xlsx'],
  ['attachment; filename="../../x"', null],
  ['attachment', null],
  [null, null],
])('the name of a download is read from %j', (header, name) => {
  expect(nameIn(header)).toBe(name);
});
