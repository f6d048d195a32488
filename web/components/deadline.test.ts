import { expect, it } from 'vitest';
import { termOf } from './deadline.tsx';

const at = (iso: string) => Date.parse(iso);
const now = at('2026-11-24T09:42:00+07:00');

it.each([
  ['a case that has ended has no term', null, null, 'none'],
  ['a term of a later day is still left', at('2026-11-25T16:30:00+07:00'), 1, 'left'],
  ['a term that ends later today is today', at('2026-11-24T16:30:00+07:00'), 0, 'today'],
  ['a term whose hour has passed is overdue, also within its day', at('2026-11-24T09:00:00+07:00'), 0, 'overdue'],
  ['a term of an earlier day is overdue', at('2026-11-23T16:30:00+07:00'), -1, 'overdue'],
] as const)('%s', (_, dueAtMs, days, term) => {
  expect(termOf(dueAtMs, days, now)).toBe(term);
});
