import { expect, test } from 'vitest';
import { createCalendar } from './calendar.ts';
import { calendarFile } from './city-schema.ts';
import { recordingSchedule } from './recording-hours.ts';

const calendar = createCalendar(
  calendarFile.parse({
    graceMinutes: 0,
    schedules: [
      {
        name: 'all year',
        week: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], hours: ['07:30-12:00', '13:00-16:30'] }],
      },
    ],
    exceptions: [{ name: 'a holiday', date: '2026-11-25', hours: [] }],
  }),
  [{ id: 'ward', name: 'Phường', kind: 'ward', desks: [] }],
);
const at = (text: string) => Temporal.ZonedDateTime.from(`${text}[Asia/Ho_Chi_Minh]`).epochMilliseconds;
const nowMs = at('2026-11-24T09:00');

function around(leadMinutes: number, tailMinutes: number) {
  const schedule = recordingSchedule(calendar, 'ward', { mode: 'working_hours', leadMinutes, tailMinutes }, nowMs);
  if (schedule === 'continuous') throw new Error('no stretches');
  return schedule.stretches;
}

const on = (date: string, stretches: { fromMs: number; toMs: number }[]) =>
  stretches.filter(({ fromMs }) => fromMs >= at(`${date}T00:00`) && fromMs < at(`${date}T23:59`));

test('a stream is recorded in the working hours, from the lead before to the tail after them', () => {
  expect(on('2026-11-24', around(15, 10))).toEqual([
    { fromMs: at('2026-11-24T07:15'), toMs: at('2026-11-24T12:10') },
    { fromMs: at('2026-11-24T12:45'), toMs: at('2026-11-24T16:40') },
  ]);
});

test('stretches that lead and tail bring together are one', () => {
  expect(on('2026-11-24', around(30, 30))).toEqual([{ fromMs: at('2026-11-24T07:00'), toMs: at('2026-11-24T17:00') }]);
});

test('a day off is not recorded, and the days around are known in both directions', () => {
  const stretches = around(0, 0);
  expect(on('2026-11-25', stretches)).toEqual([]);
  expect(on('2026-11-26', stretches)).toHaveLength(2);
  expect(stretches[0]!.fromMs).toBeLessThan(nowMs - 28 * 86_400_000);
  expect(stretches.at(-1)!.toMs).toBeGreaterThan(nowMs + 50 * 86_400_000);
});

test('continuous recording has no stretches', () => {
  const setting = { mode: 'continuous', leadMinutes: 0, tailMinutes: 0 } as const;
  expect(recordingSchedule(calendar, 'ward', setting, nowMs)).toBe('continuous');
});

test('a stream that is off has no stretch in which it is recorded', () => {
  const setting = { mode: 'off', leadMinutes: 15, tailMinutes: 15 } as const;
  expect(recordingSchedule(calendar, 'ward', setting, nowMs)).toEqual({ stretches: [] });
});
