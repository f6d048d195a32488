import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fleet, startFleet } from '../../scripts/simulator/fleet.ts';
import { castScene } from '../../scripts/simulator/scenes/casting.ts';
import { archiveState } from '../../server/contracts/archive.ts';
import type { Camera } from '../../server/contracts/cameras.ts';
import { completenessReport } from '../../server/contracts/completeness.ts';
import { onboard, type Person, TestProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

const run = promisify(execFile);
const cli = fileURLToPath(new URL('../../server/cli.ts', import.meta.url));
let product: TestProduct;
let fleet: Fleet;
let admin: Person;
let leader: Person;
let head: Person;
let own: Camera;
let other: Camera;
const startedMs = Date.now();

beforeAll(async () => {
  const cameras = ['a', 'b'].map((id, index) => ({
    ...{ id, name: `Camera ${id}`, desk: 'Quầy số 1', scene: castScene(index, 'QUẦY SỐ 1', 'Phường Hồng Hà') },
    ...{ username: 'admin', password: `pw-${id}` },
  }));
  fleet = await startFleet({ cameras, loopFrames: 100, discovery: false });
  const started = await TestProduct.start();
  product = started.product;
  admin = started.admin;
  leader = await product.person(admin, 'leader');
  head = await product.person(admin, 'unit_head', 'hong-ha');
  [own, other] = (await onboard(admin, fleet, ['hong-ha', 'bai-chay'])) as [Camera, Camera];
});

afterAll(async () => {
  await product?.stop();
  await fleet?.stop();
});

async function report(person: Person, query = '') {
  const { status, json } = await person.call('GET', `/api/completeness?from=${startedMs}&to=${Date.now()}${query}`);
  return { status, code: json?.error?.code, report: status === 200 ? completenessReport.parse(json) : null };
}

/** What the command line prints last, while the server runs. */
async function command(...args: string[]) {
  const env = { ...process.env, LIENTHONG_DATA_DIR: product.dataDir };
  const result = await run(process.execPath, [cli, ...args, '--json'], { env }).then(
    ({ stdout }) => ({ status: 0, stdout, stderr: '' }),
    (error) => ({ status: Number(error.code), stdout: String(error.stdout), stderr: String(error.stderr) }),
  );
  return { ...result, json: JSON.parse(result.stdout.trim().split('\n').at(-1) || 'null') };
}

describe('the completeness report', () => {
  test('adds up, per stream, camera and unit and in total', async () => {
    await until(async () => ((await report(leader)).report?.total.recordedMs ?? 0) > 2000);
    const { report: found } = await report(leader);
    if (found === null) throw new Error('no report');
    expect(found.streams).toHaveLength(4);
    expect(found.units.map(({ unitId }) => unitId).sort()).toEqual(['bai-chay', 'hong-ha']);
    for (const part of [...found.streams, ...found.cameras, ...found.units, found.total]) {
      const explained = Object.values(part.explainedMs).reduce((sum, ms) => sum + ms, 0);
      expect(part.recordedMs + explained + part.unexplainedMs).toBe(part.scheduledMs);
      expect(part.unexplainedMs).toBe(0);
    }
    for (const parts of [found.streams, found.cameras, found.units]) {
      expect(parts.reduce((sum, part) => sum + part.recordedMs, 0)).toBe(found.total.recordedMs);
    }
  });

  test('is told day by day where that is asked for', async () => {
    const dayMs = 86_400_000;
    const { json } = await leader.call(
      'GET',
      `/api/completeness?from=${startedMs - dayMs}&to=${startedMs + dayMs / 2}&camera=${own.id}&by=day`,
    );
    const { days = [], total } = completenessReport.parse(json);
    expect(days.map(({ from, to }) => to - from)).toEqual([dayMs, dayMs / 2]);
    expect(days[0]?.scheduledMs).toBe(0);
    expect(days[1]).toMatchObject({ recordedMs: expect.any(Number) });
    // Recording goes on between one look and the next.
    expect(Math.abs((days[1]?.recordedMs ?? 0) - total.recordedMs)).toBeLessThan(5000);
  });

  test('is narrowed to a unit or a camera', async () => {
    expect((await report(admin, '&unit=hong-ha')).report?.cameras.map(({ cameraId }) => cameraId)).toEqual([own.id]);
    expect((await report(admin, `&camera=${other.id}`)).report?.cameras.map(({ cameraId }) => cameraId)).toEqual([
      other.id,
    ]);
    expect((await report(admin, '&unit=nowhere')).code).toBe('unit_unknown');
    expect((await report(admin, '&camera=nothing')).code).toBe('camera_unknown');
  });

  test('is for those who play back and for administrators', async () => {
    expect((await report(leader)).status).toBe(200);
    expect((await report(admin)).status).toBe(200);
    expect((await report(head)).code).toBe('not_permitted');
    expect((await report(head, '&unit=hong-ha')).code).toBe('not_permitted');
    const auditor = await product.person(admin, 'auditor');
    expect((await report(auditor)).code).toBe('not_permitted');
  });

  test('says the same on the command line while the server runs', async () => {
    const from = new Date(startedMs).toISOString();
    const { status, json } = await command('archive', 'completeness', '--from', from, '--camera', own.id);
    expect(status).toBe(0);
    expect(json.cameras).toHaveLength(1);
    expect(json.cameras[0].streams.map(({ stream }: { stream: string }) => stream).sort()).toEqual(['main', 'sub']);
    expect(json.total.unexplainedMs).toBe(0);
    expect(json.machine.node).toBe(process.versions.node);
  });

  test('a wrong time, or none, is wrong usage; the index is not made anew under a running server', async () => {
    expect((await command('archive', 'completeness')).status).toBe(2);
    expect((await command('archive', 'completeness', '--from', 'yesterday')).status).toBe(2);
    const rebuild = await command('archive', 'check', '--rebuild');
    expect(rebuild.status).toBe(1);
    expect(rebuild.stderr).toMatch(/the server runs/);
  });
});

describe('the state of the archive', () => {
  const state = async (method = 'GET', path = '/api/archive') => {
    const { status, json } = await admin.call(method, path);
    return { status, ...archiveState.parse(json) };
  };

  test('tells volumes, room and what is kept for how long', async () => {
    const { volumes, total, retention, atMs } = await state();
    expect(volumes).toMatchObject([{ name: 'archive', state: 'roomy' }]);
    expect(retention).toEqual({ days: 30, quotaBytes: null });
    expect(total.freeBytes).toBeGreaterThan(0);
    expect(atMs).toBeGreaterThanOrEqual(startedMs);
  });

  test('a self-check that is asked for ends by itself, and is told in the audit log', async () => {
    expect((await state()).selfCheck).toBeNull();
    expect((await state('POST', '/api/archive/check')).status).toBe(202);
    await until(async () => (await state()).selfCheck !== null);
    const { selfCheck, selfCheckProgress } = await state('DELETE', '/api/archive/check');
    expect(selfCheck?.kinds).toEqual({});
    expect(selfCheckProgress).toBeNull();
    const { items } = (await admin.call('GET', '/api/audit?limit=5')).json;
    expect(items.slice(0, 2).map(({ action }: { action: string }) => action)).toEqual([
      'archive.check_stopped',
      'archive.check_started',
    ]);
  });
});

describe('recording hours', () => {
  test('are set per stream by an administrator, who alone sees them', async () => {
    const recording = { sub: { mode: 'working_hours', leadMinutes: 240, tailMinutes: 240 } };
    const changed = await admin.call('PATCH', `/api/cameras/${own.id}`, { recording });
    expect(changed.status).toBe(200);
    expect(changed.json.recording).toEqual({
      main: { mode: 'continuous', leadMinutes: 15, tailMinutes: 15 },
      sub: recording.sub,
    });
    expect((await leader.call('GET', `/api/cameras/${own.id}`)).json.recording).toBeUndefined();
    await until(async () => {
      const { streams } = (await admin.call('GET', `/api/cameras/${own.id}`)).json as Camera;
      const sub = streams.find(({ name }) => name === 'sub');
      // Whether it is working time now is the clock's affair; main goes on in any case.
      const follows = sub?.state === 'recording' || (sub?.state === 'stopped' && sub.cause === 'schedule');
      return follows && streams.find(({ name }) => name === 'main')?.state === 'recording';
    });
  });

  test('are refused beyond their bounds, and for a stream that is not there', async () => {
    const patch = (recording: object) => admin.call('PATCH', `/api/cameras/${own.id}`, { recording });
    expect((await patch({ main: { mode: 'working_hours', leadMinutes: 241 } })).status).toBe(400);
    expect((await patch({ main: { mode: 'at night' } })).status).toBe(400);
    expect((await patch({ third: { mode: 'continuous' } })).status).toBe(400);
  });
});

test('metrics tell every stream and every volume apart', async () => {
  const { text } = await product.call('GET', '/metrics');
  expect(text).toContain('lienthong_volume_state{volume="archive",state="roomy"} 1');
  expect(text).toMatch(/^lienthong_volume_free_bytes\{volume="archive"\} [1-9]/m);
  for (const name of ['bytes_total', 'frames_total', 'fragments_total', 'last_frame_timestamp_seconds']) {
    expect(text).toMatch(new RegExp(`^lienthong_stream_${name}\\{camera="${own.id}",stream="main"\\} [1-9]`, 'm'));
  }
  expect(text).toContain(`lienthong_stream_state{camera="${own.id}",stream="main",state="recording"} 1`);
});
