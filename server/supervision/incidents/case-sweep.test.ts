import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { caseIn, cast, take } from '../../../test/support/cases.ts';
import { at, type IncidentBench, openIncidentBench } from '../../../test/support/supervision.ts';
import type { CalendarContent } from '../../contracts/calendar.ts';
import { silentLogger } from '../../platform/log.ts';
import { WorkingCalendar } from '../calendar/working-calendar.ts';

const { leader, office, inspector, head } = cast;

let bench: IncidentBench;
beforeEach(async () => {
  bench = await openIncidentBench();
});
afterEach(() => bench.close());

/** Two servers go over the same cases at the same time; a third round follows, as after a restart. */
async function rounds(): Promise<string[]> {
  bench.emitted.length = 0;
  await Promise.all([bench.sweep.run(), bench.otherSweep.run()]);
  await bench.sweep.run();
  await Promise.all(bench.telling);
  return bench.emitted.filter((news) => !news.startsWith('footage'));
}

test('the last working day of a term is told once, and the term that has passed goes to the superior, once', async () => {
  const { id } = await caseIn(bench, 'verifying');
  // Verifying takes two working days: Wednesday and Thursday.
  bench.nowMs = at('2026-11-24 23:59');
  expect(await rounds()).toEqual([]);
  expect(await bench.incidents.get(leader, id)).toMatchObject({ due: 'ok', workingDaysLeft: 2 });
  bench.nowMs = at('2026-11-25 00:00');
  expect(await rounds()).toEqual([`soon verifying ${id}`]);
  expect(await bench.incidents.get(leader, id)).toMatchObject({ due: 'soon', workingDaysLeft: 1 });
  bench.nowMs = at('2026-11-26 16:30');
  expect(await rounds()).toEqual([]);
  bench.nowMs += 1;
  expect(await rounds()).toEqual([`changed ${id}`, `overdue verifying ${id}`]);
  const late = await bench.incidents.get(leader, id);
  expect(late).toMatchObject({ due: 'overdue', workingDaysLeft: -1, escalatedAtMs: bench.nowMs, state: 'verifying' });
  expect(late.history.filter(({ step }) => step === 'escalate')).toMatchObject([
    { system: true, by: null, atMs: bench.nowMs, details: { superior: { role: 'leader' } }, toState: 'verifying' },
  ]);
  expect(bench.audited.filter(({ action }) => action === 'incident.escalated')).toHaveLength(1);
  bench.nowMs = at('2026-12-01 09:00');
  expect(await rounds()).toEqual([]);
});

test('a state that is entered anew is told anew', async () => {
  const { id } = await caseIn(bench, 'flagged');
  bench.nowMs = at('2026-11-27 09:00');
  expect(await rounds()).toContain(`overdue flagged ${id}`);
  await take(bench, office, id, 'verify');
  expect((await bench.incidents.get(office, id)).escalatedAtMs).toBeNull();
  bench.nowMs = at('2026-12-02 09:00');
  expect(await rounds()).toContain(`overdue verifying ${id}`);
});

test('a server that dies before people are told leaves it to the next, and what they were told is not told again', async () => {
  const { id } = await caseIn(bench, 'flagged');
  bench.tells = false;
  bench.nowMs = at('2026-11-25 08:00');
  expect(await rounds()).toEqual([`soon flagged ${id}`]);
  bench.nowMs = at('2026-11-26 17:00');
  expect(await rounds()).toEqual([`soon flagged ${id}`, `changed ${id}`, `overdue flagged ${id}`]);
  bench.nowMs += 60_000;
  expect(await rounds()).toEqual([]);
  bench.nowMs += 60_000;
  bench.tells = true;
  expect((await rounds()).toSorted()).toEqual([`overdue flagged ${id}`, `soon flagged ${id}`]);
  bench.nowMs += 600_000;
  expect(await rounds()).toEqual([]);
  bench.tells = false;
  const other = await caseIn(bench, 'flagged');
  bench.nowMs = at('2026-11-27 08:00');
  expect(await rounds()).toEqual([`soon flagged ${other.id}`]);
  await take(bench, office, other.id, 'verify');
  bench.nowMs += 600_000;
  expect((await rounds()).filter((news) => news.includes('flagged'))).toEqual([]);
});

test('a state without a superior is told and not escalated', async () => {
  bench.city.workflow.superiors.flagged = null;
  const { id } = await caseIn(bench, 'flagged');
  bench.nowMs = at('2026-12-02 09:00');
  expect(await rounds()).toEqual([`overdue flagged ${id}`]);
  expect((await bench.incidents.get(office, id)).history).toHaveLength(1);
});

test('the unit learns of no escalation and may answer on the version that it saw', async () => {
  const { id } = await caseIn(bench, 'explanation_requested');
  const seen = await bench.incidents.get(head, id);
  bench.nowMs = at('2026-12-02 09:00');
  expect(await rounds()).toContain(`overdue explanation_requested ${id}`);
  const { due, steps, workingDaysLeft, ...later } = await bench.incidents.get(head, id);
  expect({ ...seen, ...later }).toEqual(seen);
  const answer = { version: seen.version, reason: 'Xin lỗi', attachments: [], stretches: [] };
  expect(await bench.incidents.step(head, id, 'explain', answer)).toMatchObject({ state: 'awaiting_conclusion' });
});

test('a concluded case is closed after its term of appeal, and nobody is called late for it', async () => {
  const { id, dueAtMs } = await caseIn(bench, 'concluded');
  bench.nowMs = dueAtMs ?? 0;
  expect(await rounds()).toEqual([`soon concluded ${id}`]);
  bench.nowMs += 1;
  expect((await bench.incidents.get(head, id)).due).toBeNull();
  expect(await rounds()).toEqual([`changed ${id}`]);
  const closed = await bench.incidents.get(head, id);
  expect(closed).toMatchObject({ state: 'closed', closedAtMs: bench.nowMs, dueAtMs: null, conclusion: 'reminder' });
  expect(closed.history.at(-1)).toMatchObject({ step: 'close', system: true, by: null });
  expect(bench.audited.at(-1)).toMatchObject({ action: 'incident.closed', subject: `incident:${id}` });
});

const calendarOf = (of: IncidentBench) =>
  WorkingCalendar.open<string>({
    database: of.database,
    city: of.city,
    clock: { nowMs: () => of.nowMs, monotonicMs: () => 0 },
    log: silentLogger,
    audit: async () => {},
  });
const by = { actor: 'admin', address: '' };
const off = (date: string): CalendarContent => ({
  kind: 'exception',
  name: 'Nghỉ đột xuất',
  period: { from: date, to: date },
  unitIds: [],
  kinds: [],
  day: { type: 'off' },
});
const endOf = async (who: typeof leader, id: string) => (await bench.incidents.get(who, id)).dueAtMs;

test('a changed calendar moves the terms that run, from the moment of the state on, and says so where the reader sees it', async () => {
  const calendar = await calendarOf(bench);
  const { id, version } = await caseIn(bench, 'explanation_requested');
  const told = await bench.incidents.get(head, id);
  expect(told.dueAtMs).toBe(at('2026-11-27 16:30'));
  const day = await calendar.add(off('2026-11-26'), by);
  bench.emitted.length = 0;
  await Promise.all([bench.sweep.run(), bench.otherSweep.run()]);
  await bench.sweep.run();
  expect(bench.emitted).toEqual([`changed ${id}`]);
  const moved = await bench.incidents.get(head, id);
  expect(moved).toMatchObject({ dueAtMs: at('2026-11-30 16:30'), version: told.version });
  expect(moved.history.at(-1)).toMatchObject({
    step: 'term_changed',
    system: true,
    by: null,
    dueAtMs: at('2026-11-30 16:30'),
    details: { term: { from: at('2026-11-27 16:30'), to: at('2026-11-30 16:30') } },
  });
  expect(moved.history.slice(0, -1)).toEqual(told.history);
  expect((await bench.incidents.get(leader, id)).version).toBe(version + 1);
  expect(bench.audited.at(-1)).toMatchObject({ action: 'incident.term_changed', subject: `incident:${id}` });
  // And back, after a start that finds the calendar changed while nobody counted.
  await calendar.remove(day.id, day.version, by);
  const bare = { version: told.version, reason: 'Xin lỗi', attachments: [], stretches: [] };
  await bench.otherSweep.run();
  expect(await endOf(leader, id)).toBe(at('2026-11-27 16:30'));
  expect(await bench.incidents.step(head, id, 'explain', bare)).toMatchObject({ state: 'awaiting_conclusion' });
});

test('a term that was told soon is told anew once it ends later; one that gets shorter leaves the present day', async () => {
  const calendar = await calendarOf(bench);
  const { id } = await caseIn(bench, 'verifying');
  bench.nowMs = at('2026-11-25 10:00');
  expect(await rounds()).toEqual([`soon verifying ${id}`]);
  const days = [await calendar.add(off('2026-11-25'), by), await calendar.add(off('2026-11-26'), by)];
  expect(await rounds()).toEqual([`changed ${id}`]);
  expect(await endOf(leader, id)).toBe(at('2026-11-30 16:30'));
  bench.nowMs = at('2026-11-26 23:59');
  expect(await rounds()).toEqual([]);
  bench.nowMs = at('2026-11-27 08:00');
  expect(await rounds()).toEqual([`soon verifying ${id}`]);
  for (const { id: row } of days) {
    const { version } = calendar.rows.find((one) => one.id === row) ?? { version: 0 };
    await calendar.remove(row, version, by);
  }
  expect(await rounds()).toEqual([`changed ${id}`]);
  expect(await endOf(leader, id)).toBe(at('2026-11-27 16:30'));
});

test('what the superior was told stays, whatever the calendar becomes', async () => {
  const calendar = await calendarOf(bench);
  const { id, dueAtMs } = await caseIn(bench, 'flagged');
  bench.nowMs = at('2026-11-27 08:00');
  expect(await rounds()).toContain(`overdue flagged ${id}`);
  await calendar.add(off('2026-11-26'), by);
  expect(await rounds()).toEqual([]);
  expect(await bench.incidents.get(leader, id)).toMatchObject({ dueAtMs, due: 'overdue' });
});

test('footage stays held until its term after the end is over, also where nothing was found', async () => {
  const ended = await caseIn(bench, 'flagged');
  const open = await caseIn(bench, 'flagged');
  await take(bench, inspector, ended.id, 'dismiss');
  await vi.waitFor(() => expect(bench.recorder.holds.size).toBe(2));
  const { heldUntilMs } = await bench.incidents.get(leader, ended.id);
  expect(heldUntilMs).toBe(at('2028-11-24 09:30'));
  bench.nowMs = at('2028-11-24 09:29');
  await rounds();
  expect(bench.recorder.released).toEqual([]);
  bench.nowMs = at('2028-11-24 09:30');
  await bench.sweep.run();
  expect(bench.recorder.released).toEqual([`incident:${ended.id}`]);
  await bench.sweep.run();
  expect(bench.recorder.released).toHaveLength(1);
  await bench.footage.holdAgain();
  expect([...bench.recorder.holds.keys()]).toEqual([`incident:${open.id}`]);
});

test('a recorder that is away is asked again in the next round', async () => {
  const { id } = await caseIn(bench, 'flagged');
  await take(bench, inspector, id, 'dismiss');
  bench.nowMs = at('2029-01-02 09:00');
  const release = vi.spyOn(bench.recorder, 'release').mockRejectedValueOnce(new Error('away'));
  await bench.sweep.run();
  await bench.sweep.run();
  expect(release).toHaveBeenCalledTimes(2);
  expect(bench.recorder.released).toEqual([`incident:${id}`]);
});

test('rounds go on by themselves until the stop, which waits for the one that is under way', async () => {
  const { id } = await caseIn(bench, 'flagged');
  bench.nowMs = at('2026-12-02 09:00');
  bench.sweep.start();
  await bench.sweep.stop();
  expect(bench.emitted.filter((news) => news === `overdue flagged ${id}`).length).toBeLessThanOrEqual(1);
  const before = bench.emitted.length;
  await bench.sweep.run();
  expect(bench.emitted).toHaveLength(before);
});
