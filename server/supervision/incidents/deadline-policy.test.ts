import { expect, test } from 'vitest';
import { at, demoCity } from '../../../test/support/supervision.ts';
import { dueOf, heldUntil, releasedBefore, termOf } from './deadline-policy.ts';

const city = demoCity();
const enteredMs = at('2026-11-26 10:00'); // a Thursday

test('a state has its term in working days of the city, and an end has none', () => {
  const due = (state: Parameters<typeof termOf>[1]) => termOf(city, state, 'hong-ha', enteredMs)?.dueAtMs ?? null;
  expect(due('flagged')).toBe(at('2026-11-30 16:30'));
  expect(due('verifying')).toBe(at('2026-11-30 16:30'));
  expect(due('explanation_requested')).toBe(at('2026-12-01 16:30'));
  expect(due('awaiting_conclusion')).toBe(at('2026-12-03 16:30'));
  expect(due('concluded')).toBe(at('2026-12-03 16:30'));
  expect(due('appealed')).toBe(at('2026-12-03 16:30'));
  for (const end of ['closed', 'no_violation', 'duplicate', 'referred'] as const) expect(due(end)).toBeNull();
});

test('the explanation counts the working days of the unit that writes it, everything else those of the offices', () => {
  // The Centre works on Saturday mornings.
  expect(termOf(city, 'explanation_requested', 'trung-tam', enteredMs)).toEqual({
    dueAtMs: at('2026-11-30 16:30'),
    soonAtMs: at('2026-11-28 00:00'),
  });
  expect(termOf(city, 'verifying', 'trung-tam', enteredMs)?.dueAtMs).toBe(at('2026-11-30 16:30'));
  expect(termOf(city, 'flagged', 'trung-tam', at('2026-11-27 10:00'))?.dueAtMs).toBe(at('2026-12-01 16:30'));
});

test('a term over the turn of the year leaves out the day off, also where it becomes soon', () => {
  const term = termOf(city, 'verifying', 'hong-ha', at('2026-12-30 09:00'));
  expect(term).toEqual({ dueAtMs: at('2027-01-04 16:30'), soonAtMs: at('2026-12-31 00:00') });
});

test('a term is soon over from the working day before its last, and overdue after its last moment', () => {
  const term = { soonAtMs: 100, dueAtMs: 200 };
  expect([99, 100, 200, 201].map((nowMs) => dueOf('verifying', term, nowMs))).toEqual([
    'ok',
    'soon',
    'soon',
    'overdue',
  ]);
  expect(dueOf('concluded', term, 201)).toBeNull();
  expect(dueOf('closed', null, 201)).toBeNull();
});

test('footage is kept for months of the calendar', () => {
  const closed = at('2026-02-28 15:00');
  expect(heldUntil(closed, 24)).toBe(at('2028-02-28 15:00'));
  expect(releasedBefore(at('2028-02-28 15:00'), 24)).toBe(closed);
  expect(heldUntil(closed, 0)).toBe(closed);
});
