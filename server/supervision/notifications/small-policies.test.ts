import { expect, it } from 'vitest';
import { at, demoCity } from '../../../test/support/supervision.ts';
import { type Condition, judgeCondition, wellCondition } from './condition-policy.ts';
import { isPermanentHttp, isPermanentSmtp, mostAttempts, nextAttemptAt } from './retry-policy.ts';
import { afterQuietHours, digestDue } from './time-policy.ts';

const minuteMs = 60_000;
const terms = { lastingMs: minuteMs, settledMs: 10 * minuteMs };

/** What is told when it is reported at these seconds. */
function told(reports: [second: number, is: 'bad' | 'well' | 'unclear'][]): [number, string][] {
  let condition: Condition = wellCondition;
  const all: [number, string][] = [];
  for (const [second, is] of reports) {
    const verdict = judgeCondition(condition, is, second * 1000, terms);
    condition = verdict.condition;
    if (verdict.tell !== null) all.push([second, verdict.tell]);
  }
  return all;
}

it('a camera is told to be down once it has been down for a minute', () => {
  expect(
    told([
      [0, 'bad'],
      [59, 'bad'],
      [60, 'bad'],
      [61, 'bad'],
      [3600, 'bad'],
    ]),
  ).toEqual([[60, 'bad']]);
});

it('a short break is told to nobody', () => {
  expect(
    told([
      [0, 'bad'],
      [30, 'well'],
      [95, 'well'],
      [100, 'bad'],
      [140, 'well'],
    ]),
  ).toEqual([]);
});

it('what flaps is told once, until it has been well for ten minutes without a break', () => {
  const flapping = Array.from(
    { length: 180 },
    (_, i) => [i * 20, i % 2 === 0 ? 'bad' : 'well'] as [number, 'bad' | 'well'],
  );
  expect(told(flapping)).toEqual([[80, 'bad']]);
  const last = 179 * 20;
  expect(told([...flapping, [last + 600, 'well'], [last + 700, 'bad'], [last + 760, 'bad']])).toEqual([
    [80, 'bad'],
    [last + 600, 'well'],
    [last + 760, 'bad'],
  ]);
});

it('a camera that is being connected to is what it was', () => {
  expect(
    told([
      [0, 'bad'],
      [30, 'unclear'],
      [60, 'unclear'],
    ]),
  ).toEqual([[60, 'bad']]);
  expect(
    told([
      [0, 'unclear'],
      [90, 'unclear'],
    ]),
  ).toEqual([]);
});

it('a delivery is tried again after a minute up to six hours, spread by a fifth, and given up after nine attempts', () => {
  const pauses = Array.from({ length: mostAttempts - 1 }, (_, i) => nextAttemptAt(i + 1, false, 0, 0.5));
  expect(pauses.map((ms) => (ms ?? 0) / minuteMs)).toEqual([1, 5, 15, 60, 180, 360, 360, 360]);
  expect(nextAttemptAt(mostAttempts, false, 0, 0.5)).toBeNull();
  expect(nextAttemptAt(1, true, 0, 0.5)).toBeNull();
  expect([nextAttemptAt(1, false, 0, 0), nextAttemptAt(1, false, 0, 0.999)]).toEqual([48_000, 71_976]);
});

it('a refusal of the mail is final, a busy server and a wrong password are not', () => {
  expect(isPermanentSmtp(550, 'EENVELOPE')).toBe(true);
  expect(isPermanentSmtp(451, 'EENVELOPE')).toBe(false);
  expect(isPermanentSmtp(535, 'EAUTH')).toBe(false);
  expect(isPermanentSmtp(undefined, 'ETIMEDOUT')).toBe(false);
  expect([400, 404, 410, 429, 500].filter(isPermanentHttp)).toEqual([410]);
});

it('quiet hours put a mail off to their end, also over midnight', () => {
  const night = { from: '21:00', to: '06:30' };
  expect(afterQuietHours(night, at('2026-11-24 22:15'))).toBe(at('2026-11-25 06:30'));
  expect(afterQuietHours(night, at('2026-11-25 03:00'))).toBe(at('2026-11-25 06:30'));
  expect(afterQuietHours(night, at('2026-11-25 06:30'))).toBe(at('2026-11-25 06:30'));
  expect(afterQuietHours({ from: '11:30', to: '13:30' }, at('2026-11-25 12:00'))).toBe(at('2026-11-25 13:30'));
  expect(afterQuietHours(null, at('2026-11-25 12:00'))).toBe(at('2026-11-25 12:00'));
});

it('a digest is due at its hour on working days, and for some hours after a server was down', () => {
  const { calendar } = demoCity();
  const choice = { times: ['07:00', '16:00'], workingDaysOnly: true };
  const due = (local: string) => digestDue(choice, calendar, at(local), 6 * 60 * minuteMs);
  expect(due('2026-11-24 06:59')).toBeNull();
  expect(due('2026-11-24 07:00')).toBe(at('2026-11-24 07:00'));
  expect(due('2026-11-24 12:59')).toBe(at('2026-11-24 07:00'));
  expect(due('2026-11-24 13:01')).toBeNull();
  expect(due('2026-11-24 16:30')).toBe(at('2026-11-24 16:00'));
  // A Sunday.
  expect(due('2026-11-29 07:30')).toBeNull();
  expect(digestDue({ ...choice, workingDaysOnly: false }, calendar, at('2026-11-29 07:30'), 6 * 60 * minuteMs)).toBe(
    at('2026-11-29 07:00'),
  );
});
