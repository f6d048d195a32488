import { expect, it } from 'vitest';
import { scheduleAt } from './schedule-policy.ts';

it('tells whether to record, since when, and until when', () => {
  const stretches = [
    { fromMs: 100, toMs: 200 },
    { fromMs: 300, toMs: 400 },
  ];
  const at = (nowMs: number) => Object.values(scheduleAt({ stretches }, nowMs));
  expect(at(50)).toEqual([false, null, 100]);
  expect(at(100)).toEqual([true, 100, 200]);
  expect(at(199)).toEqual([true, 100, 200]);
  expect(at(200)).toEqual([false, 200, 300]);
  expect(at(350)).toEqual([true, 300, 400]);
  expect(at(400)).toEqual([false, 400, null]);
  expect(Object.values(scheduleAt({ stretches: [] }, 5))).toEqual([false, null, null]);
  expect(Object.values(scheduleAt('continuous', 5))).toEqual([true, null, null]);
});
