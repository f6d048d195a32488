import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type IncidentBench, openIncidentBench, person } from '../../../test/support/supervision.ts';
import { createIncidentRequest } from '../../contracts/incidents.ts';
import { silentLogger } from '../../platform/log.ts';
import { IncidentFootage } from './footage.ts';

const office = person('home_affairs');

let bench: IncidentBench;
beforeEach(async () => {
  bench = await openIncidentBench();
});
afterEach(() => bench.close());

/** Flags a moment `aheadMs` from now. */
async function flag(aheadMs = 0): Promise<string> {
  const atMs = bench.nowMs + aheadMs;
  const request = { cameraId: 'cam-1', category: 'TN01', fromMs: atMs - 30_000, toMs: atMs + 30_000, atMs };
  return (await bench.incidents.create(office, createIncidentRequest.parse(request))).id;
}

const stateOf = async (id: string) => {
  const row = await bench.store.find(id);
  return { held: row?.held, still: row?.still };
};
const settled = (id: string, still: string) =>
  vi.waitFor(async () => expect(await stateOf(id)).toEqual({ held: 1, still }));
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test('a flag has its stretch held and its still kept, readable by the owner only', async () => {
  const id = await flag();
  const { nowMs } = bench;
  expect(text(await bench.incidents.still(office, id))).toBe(`main@${nowMs - 400}`);
  await settled(id, 'kept');
  const hold = { cameraId: 'cam-1', fromMs: nowMs - 30_000, toMs: nowMs + 30_000 };
  expect(bench.recorder.holds.get(`incident:${id}`)).toEqual(hold);
  expect(statSync(join(bench.folder, 'stills', `${id}.jpg`)).mode & 0o777).toBe(0o600);
});

test('the sub stream gives the still where the main stream has none', async () => {
  bench.recorder.pictures = { sub: (atMs) => atMs };
  const id = await flag();
  expect(text(await bench.incidents.still(office, id))).toBe(`sub@${bench.nowMs}`);
});

test('a moment that cannot be decoded yet is tried again until it can', async () => {
  bench.recorder.pictures = { main: () => (bench.recorder.stillCalls > 4 ? bench.nowMs - 100 : undefined) };
  const id = await flag();
  await settled(id, 'kept');
  expect(text(await bench.incidents.still(office, id))).toBe(`main@${bench.nowMs - 100}`);
});

test('a picture of long before the moment is none: the case stands without a still', async () => {
  bench.recorder.pictures = { main: (atMs) => atMs - 10_001, sub: (atMs) => atMs - 3_600_000 };
  const id = await flag();
  await settled(id, 'missing');
  await expect(bench.incidents.still(office, id)).rejects.toMatchObject({ kind: 'not_found', code: 'still_missing' });
  expect(await bench.incidents.get(office, id)).toMatchObject({ state: 'flagged' });
});

test('a still of a moment ahead is not taken before the moment', async () => {
  const id = await flag(60);
  await vi.waitFor(() => expect(bench.recorder.holds.has(`incident:${id}`)).toBe(true));
  expect(bench.recorder.stillCalls).toBe(0);
  await expect(bench.incidents.still(office, id)).rejects.toMatchObject({ code: 'still_pending', retry: true });
  bench.nowMs += 60;
  await settled(id, 'kept');
});

test('a hold that fails is tried again, longer than the still is', async () => {
  bench.recorder.holdFails = 8;
  bench.recorder.pictures = {};
  const id = await flag();
  await settled(id, 'missing');
  expect(bench.recorder.holds.size).toBe(1);
});

test('what was undone when the program stopped is done after the next start', async () => {
  await bench.close();
  bench = await openIncidentBench({ retryDelaysMs: [3_600_000] });
  bench.recorder.holdFails = Number.POSITIVE_INFINITY;
  bench.recorder.pictures = {};
  const id = await flag();
  await vi.waitFor(() => expect(bench.recorder.stillCalls).toBe(2));
  await bench.footage.stop();
  expect(await stateOf(id)).toEqual({ held: 0, still: 'pending' });

  bench.recorder.holdFails = 0;
  bench.recorder.pictures = { main: (atMs) => atMs };
  const { recorder, store, stills: files } = bench;
  const clock = { nowMs: () => bench.nowMs, monotonicMs: () => 0 };
  const next = new IncidentFootage({ recorder, store, files, clock, log: silentLogger });
  await next.resume();
  await settled(id, 'kept');
  await next.stop();
});

test('a recorder that never answers keeps neither a reader nor the stop waiting', async () => {
  await bench.close();
  bench = await openIncidentBench({ maxWaitMs: 20 });
  vi.spyOn(bench.recorder, 'still').mockReturnValue(new Promise(() => undefined));
  const id = await flag();
  await vi.waitFor(() => expect(bench.recorder.still).toHaveBeenCalled());
  await expect(bench.incidents.still(office, id)).rejects.toMatchObject({ code: 'still_pending' });
  await bench.footage.stop();
  expect(await stateOf(id)).toEqual({ held: 1, still: 'pending' });
});

test('footage that is still being written completes by itself, and the consoles hear of it once', async () => {
  const { nowMs } = bench;
  const ahead = { cameraId: 'cam-1', category: 'TN01', fromMs: nowMs - 30_000, toMs: nowMs + 40, atMs: nowMs - 1000 };
  bench.recorder.recorded = { recorded: [[nowMs - 30_000, nowMs - 500]], gaps: [] };
  const { id, footage } = await bench.incidents.create(office, createIncidentRequest.parse(ahead));
  expect(footage).toMatchObject({ pending: true, complete: false });
  const told = () => bench.emitted.filter((news) => news === `footage ${id}`);
  // The end has come, and is on its way to the disk.
  bench.nowMs += 50;
  const before = bench.recorder.timelineCalls;
  await vi.waitFor(() => expect(bench.recorder.timelineCalls).toBeGreaterThan(before + 1));
  expect((await bench.incidents.get(office, id)).footage.pending).toBe(true);
  expect(told()).toEqual([]);
  bench.recorder.recorded = { recorded: [[nowMs - 30_000, nowMs + 40]], gaps: [] };
  await vi.waitFor(() => expect(told()).toHaveLength(1));
  expect((await bench.incidents.get(office, id)).footage).toMatchObject({ pending: false, complete: true });
  await bench.footage.resume();
  await settled(id, 'kept');
  expect((await bench.store.awaitingFootage()).map((row) => row.id)).toEqual([]);
  expect(told()).toHaveLength(1);
});

test('an end that never comes is missing a minute later, and that is told too', async () => {
  const id = await flag(-60_000);
  const { nowMs } = bench;
  bench.recorder.recorded = { recorded: [[nowMs - 90_000, nowMs - 40_000]], gaps: [] };
  expect((await bench.incidents.get(office, id)).footage).toMatchObject({ pending: true });
  bench.nowMs += 31_000;
  await vi.waitFor(() => expect(bench.emitted).toContain(`footage ${id}`));
  expect((await bench.incidents.get(office, id)).footage).toMatchObject({ pending: false, complete: false });
});

test('whoever may not see a case does not see its still', async () => {
  const id = await flag();
  await settled(id, 'kept');
  for (const other of [person('admin'), person('auditor'), person('unit_head', 'h', 'hong-ha')]) {
    await expect(bench.incidents.still(other, id)).rejects.toMatchObject({ code: 'incident_unknown' });
  }
});

test('an id that is no id never becomes a path', async () => {
  await expect(bench.stills.write('../x', new Uint8Array())).rejects.toThrow();
  await expect(bench.stills.read('../supervision')).rejects.toThrow();
  expect(await bench.stills.read('none')).toBeUndefined();
});
