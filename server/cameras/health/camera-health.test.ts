import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type HealthBench, openHealthBench, recorded } from '../../../test/support/health-bench.ts';
import { drawnScene, smallPictures } from '../../../test/support/small-pictures.ts';
import type { PictureInput } from './picture-policy.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const inspector = { userId: 'u-1', name: 'Thanh tra', role: 'inspector' } as const;
const admin = { userId: 'u-2', name: 'Quản trị', role: 'admin' } as const;

let shown: Record<'good' | 'paper' | 'tape' | 'turned' | 'night', PictureInput>;
beforeAll(() => {
  shown = smallPictures(drawnScene('desk', 0), {
    good: 'null',
    paper: 'drawbox=t=fill:color=0x908878',
    tape: 'drawbox=t=fill:color=black',
    turned: 'scroll=hpos=0.15',
    night: 'hue=s=0',
  });
});

let bench: HealthBench;
beforeEach(async () => {
  bench = await openHealthBench(['a', 'b', 'c', 'd', 'e'], shown.good);
  await bench.pass(1);
});
afterEach(() => bench.close());

const away = (cameraId: string) =>
  bench.streams.set(cameraId, [{ ...recorded(bench.clock.nowMs()), state: 'offline', cause: 'timeout' }]);
const back = (cameraId: string) => bench.streams.set(cameraId, [recorded(bench.clock.nowMs())]);
const open = async () => (await bench.service.proposals.list('open', undefined, 50)).items;
const approve = async (cameraId: string) => {
  const { id } = await bench.service.references.propose(cameraId);
  return bench.service.references.approve(admin, cameraId, id, '::1');
};

describe('what is known of a camera', () => {
  test('is kept with its cause and since when, and every change of it', async () => {
    expect(bench.service.watch.partsOf('a').map(({ state }) => state)).toEqual([
      'good',
      'good',
      'good',
      'good',
      'unknown',
    ]);
    const beganMs = bench.clock.nowMs();
    away('a');
    await bench.pass(2);
    expect(bench.part('a', 'reachable')).toMatchObject({ state: 'trouble', cause: 'timeout', sinceMs: beganMs });
    expect(bench.part('a', 'picture')).toMatchObject({ state: 'blocked', cause: 'reachable' });
    expect(bench.part('b', 'reachable')).toMatchObject({ state: 'good' });
    back('a');
    await bench.pass(1);
    const { items } = await bench.service.watch.changes('a', undefined, 50);
    const ofReach = items.filter(({ part }) => part === 'reachable').map(({ state, cause }) => [state, cause]);
    expect(ofReach).toEqual([
      ['good', null],
      ['trouble', 'timeout'],
      ['good', null],
    ]);
    // What hung on it is no change of its own.
    expect(items.filter(({ part }) => part === 'streaming').map(({ state }) => state)).toEqual(['good']);
    const first = await bench.service.watch.changes('a', undefined, 3);
    const second = await bench.service.watch.changes('a', first.next ?? '', 50);
    expect([...first.items, ...second.items]).toEqual(items);
    await expect(bench.service.watch.changes('a', 'x', 3)).rejects.toThrow('cursor_invalid');
  });

  test('a clock is asked once, again when it is wrong, and not of a camera that does not answer', async () => {
    away('b');
    await bench.pass(1);
    bench.state.skewMs = -120_000;
    await bench.service.clocks.look();
    await bench.service.watch.look();
    expect(bench.part('a', 'clock')).toMatchObject({ state: 'trouble', cause: 'clock_wrong', detail: -120_000 });
    expect(bench.part('b', 'clock')?.state).toBe('blocked');
    bench.state.skewMs = 900;
    await bench.service.clocks.look();
    await bench.pass(1);
    expect(bench.part('a', 'clock')?.state).toBe('trouble');
    await bench.pass(20);
    await bench.service.clocks.look();
    await bench.service.watch.look();
    expect(bench.part('a', 'clock')).toMatchObject({ state: 'good', cause: null, detail: 900 });
  });

  test('goes with a camera that is removed, and so does how it should look', async () => {
    await approve('a');
    bench.cameras.delete('a');
    await bench.service.forget('a');
    await bench.restart();
    expect(bench.service.references.of('a')).toEqual([]);
    await expect(bench.service.references.picture('a', 'day')).rejects.toThrow('reference_unknown');
    expect(bench.part('a', 'reachable')?.state).toBe('unknown');
    expect(bench.part('b', 'reachable')?.state).toBe('good');
  });
});

describe('trouble that lasts', () => {
  test('is told once, and once more when it is over, over a restart too', async () => {
    bench.pictures.set('a', shown.paper);
    await bench.pass(5);
    expect(bench.told).toEqual([]);
    expect(bench.part('a', 'picture')).toMatchObject({ state: 'trouble', cause: 'covered' });
    expect(bench.service.of('a').trouble).toBeNull();
    await bench.pass(5);
    expect(bench.told).toEqual(['a picture covered']);
    expect(bench.service.of('a').trouble).toBe('picture');
    const before = bench.part('a', 'picture');
    await bench.restart();
    await bench.pass(10);
    expect(bench.part('a', 'picture')).toEqual(before);
    expect(bench.told).toEqual(['a picture covered']);
    bench.pictures.set('a', shown.good);
    await bench.pass(10);
    expect(bench.told).toEqual(['a picture covered', 'a picture well']);
  });

  test('is one spell when the camera comes and goes, and a short one is none', async () => {
    for (let i = 0; i < 6; i += 1) {
      away('a');
      await bench.pass(1);
      back('a');
      await bench.pass(2);
    }
    away('b');
    await bench.pass(2);
    back('b');
    await bench.pass(10);
    expect(bench.told).toEqual(['a reachable timeout', 'a reachable well']);
  });
});

describe('a reference', () => {
  test('is a picture that an administrator has looked at; without it neither place nor focus is judged, and that is said', async () => {
    expect(bench.service.of('a').notCompared).toBe('no_reference');
    bench.pictures.set('a', shown.turned);
    await bench.pass(5);
    expect(bench.part('a', 'picture')?.state).toBe('good');
    bench.pictures.set('a', shown.good);
    const candidate = await bench.service.references.propose('a');
    expect(bench.service.references.candidate('a', candidate.id).jpeg.length).toBeGreaterThan(0);
    expect(bench.service.references.of('a')).toEqual([]);
    await expect(bench.service.references.approve(admin, 'b', candidate.id, '::1')).rejects.toThrow('candidate_gone');
    await bench.service.references.approve(admin, 'a', candidate.id, '::1');
    expect(bench.audited).toEqual([
      expect.objectContaining({ action: 'camera.reference_approved', subject: 'camera:a', actor: admin }),
    ]);
    expect(bench.service.references.of('a')).toEqual([
      { kind: 'day', mediaTimeMs: candidate.mediaTimeMs, approvedAtMs: bench.clock.nowMs(), approvedBy: 'Quản trị' },
    ]);
    await bench.restart();
    bench.pictures.set('a', shown.turned);
    await bench.pass(3);
    expect(bench.part('a', 'picture')).toMatchObject({ state: 'trouble', cause: 'moved' });
    expect(bench.service.of('a').notCompared).toBeNull();
    const { jpeg } = await bench.service.references.picture('a', 'day');
    expect(Buffer.from(jpeg).toString()).toBe(`a@${candidate.mediaTimeMs - bench.bornMs}`);
  });

  test('of the day says nothing of the night', async () => {
    await approve('a');
    bench.pictures.set('a', shown.night);
    await bench.pass(4);
    expect(bench.part('a', 'picture')?.state).toBe('good');
    expect(bench.service.of('a').notCompared).toBe('no_night_reference');
    expect((await approve('a')).kind).toBe('night');
    await bench.pass(1);
    expect(bench.service.of('a').notCompared).toBeNull();
    expect(
      bench.service.references
        .of('a')
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['day', 'night']);
  });

  test('is no dark picture, none of a camera that is away, and none that was looked at too long ago', async () => {
    bench.pictures.set('a', shown.tape);
    await expect(bench.service.references.propose('a')).rejects.toThrow('reference_unfit');
    bench.pictures.set('a', shown.paper);
    await expect(bench.service.references.propose('a')).rejects.toThrow('reference_unfit');
    away('b');
    await expect(bench.service.references.propose('b')).rejects.toThrow('camera_no_picture');
    await expect(bench.service.references.propose('x')).rejects.toThrow('camera_unknown');
    const { id } = await bench.service.references.propose('c');
    bench.clock.advance(11 * minute);
    await expect(bench.service.references.approve(admin, 'c', id, '::1')).rejects.toThrow('candidate_gone');
  });

  test('that is dropped is judged by no more', async () => {
    await approve('a');
    await bench.service.references.drop(admin, 'a', 'day', '::1');
    expect(bench.audited.at(-1)).toMatchObject({ action: 'camera.reference_dropped', details: { kind: 'day' } });
    await expect(bench.service.references.drop(admin, 'a', 'day', '::1')).rejects.toThrow('reference_unknown');
    await expect(bench.service.references.picture('a', 'day')).rejects.toThrow('reference_unknown');
    bench.pictures.set('a', shown.turned);
    await bench.pass(5);
    expect(bench.part('a', 'picture')?.state).toBe('good');
  });
});

describe('a case is proposed', () => {
  test('of a camera that is covered in working hours for some time, once, with a still of what is to be seen', async () => {
    bench.pictures.set('a', shown.paper);
    await bench.pass(6);
    expect(await open()).toEqual([]);
    await bench.pass(10);
    await bench.restart();
    await bench.pass(2);
    const [proposal, ...others] = await open();
    expect(others).toEqual([]);
    expect(proposal).toMatchObject({
      ...{ cameraId: 'a', cameraName: 'Camera a', unitName: 'Đơn vị u1', cause: 'covered', state: 'open' },
      ...{ toMs: null, still: true, fromMs: bench.part('a', 'picture')?.sinceMs },
    });
    expect((await bench.service.proposals.still(proposal?.id ?? '')).jpeg.length).toBeGreaterThan(0);
    bench.pictures.set('a', shown.good);
    await bench.pass(10);
    expect((await open())[0]?.toMs).toBeGreaterThan(proposal?.fromMs ?? 0);
  });

  test('of black tape, of a turned camera and of one that was cut, whose still is the last one before', async () => {
    await approve('b');
    bench.pictures.set('a', shown.tape);
    bench.pictures.set('b', shown.turned);
    const cutMs = bench.clock.nowMs();
    away('c');
    await bench.pass(10);
    expect((await open()).map(({ cameraId, cause }) => `${cameraId} ${cause}`).sort()).toEqual([
      'a dark',
      'b moved',
      'c cut',
    ]);
    const cut = (await open()).find(({ cause }) => cause === 'cut');
    const { jpeg } = await bench.service.proposals.still(cut?.id ?? '');
    expect(Buffer.from(jpeg).toString()).toBe(`c@${cutMs - bench.bornMs}`);
  });

  test('neither while nobody works, but as soon as work begins, nor of an outage of half of the cameras', async () => {
    bench.state.working = false;
    bench.pictures.set('a', shown.paper);
    await bench.pass(10);
    expect(await open()).toEqual([]);
    bench.state.working = true;
    await bench.pass(1);
    expect((await open()).map(({ cameraId }) => cameraId)).toEqual(['a']);
    for (const id of ['b', 'c', 'd']) away(id);
    await bench.pass(10);
    expect(bench.told).toEqual([
      'a picture covered',
      'b reachable timeout',
      'c reachable timeout',
      'd reachable timeout',
    ]);
    expect((await open()).map(({ cameraId }) => cameraId)).toEqual(['a']);
  });

  test('and made by whoever confirms it, with the stretch; of two people one makes it', async () => {
    bench.pictures.set('a', shown.paper);
    await bench.pass(9);
    const [proposal] = await open();
    const { id, fromMs } = proposal!;
    const both = await Promise.allSettled([
      bench.service.proposals.confirm(inspector, id, 'Che bằng giấy', '::1'),
      bench.service.proposals.confirm({ ...inspector, userId: 'u-9' }, id, '', '::1'),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(bench.incidents).toEqual([
      {
        ...{ cameraId: 'a', category: 'KT01', note: 'Che bằng giấy', by: 'u-1' },
        ...{ fromMs: fromMs - 30_000, toMs: bench.clock.nowMs() + 30_000, atMs: fromMs },
      },
    ]);
    expect(bench.audited.map(({ action, subject }) => [action, subject])).toEqual([
      ['proposal.confirmed', `proposal:${id}`],
    ]);
    const [confirmed] = (await bench.service.proposals.list('confirmed', undefined, 50)).items;
    expect(confirmed).toMatchObject({ id, incidentId: 'case-1', decidedBy: 'Thanh tra', state: 'confirmed' });
    await expect(bench.service.proposals.reject(inspector, id, 'x', '::1')).rejects.toThrow('proposal_decided');
    await bench.pass(5);
    expect(await open()).toEqual([]);
  });

  test('and open again when the case cannot be made', async () => {
    bench.pictures.set('a', shown.paper);
    await bench.pass(9);
    const [proposal] = await open();
    bench.state.incidentFails = true;
    await expect(bench.service.proposals.confirm(inspector, proposal!.id, '', '::1')).rejects.toThrow(
      'time_out_of_bounds',
    );
    expect((await open())[0]?.id).toBe(proposal!.id);
    expect(bench.audited).toEqual([]);
  });

  test('and with its case or not at all: what fails in between leaves neither, and no second case', async () => {
    bench.pictures.set('a', shown.paper);
    await bench.pass(9);
    const [proposal] = await open();
    bench.state.auditFails = true;
    await expect(bench.service.proposals.confirm(inspector, proposal!.id, '', '::1')).rejects.toThrow('database_away');
    expect([bench.incidents, (await open())[0]?.id]).toEqual([[], proposal!.id]);
    bench.state.auditFails = false;
    await bench.service.proposals.confirm(inspector, proposal!.id, '', '::1');
    await bench.restart();
    await expect(bench.service.proposals.confirm(inspector, proposal!.id, '', '::1')).rejects.toThrow(
      'proposal_decided',
    );
    expect(bench.incidents).toHaveLength(1);
  });

  test('and rejected with a reason; a new spell is a new proposal', async () => {
    bench.pictures.set('a', shown.paper);
    await bench.pass(9);
    const [proposal] = await open();
    await bench.service.proposals.reject(inspector, proposal!.id, 'Lau ống kính', '::1');
    expect(bench.audited).toEqual([
      expect.objectContaining({
        ...{ action: 'proposal.rejected', actor: inspector },
        details: { cameraId: 'a', cause: 'covered', reason: 'Lau ống kính' },
      }),
    ]);
    await bench.pass(5);
    expect(await open()).toEqual([]);
    bench.pictures.set('a', shown.good);
    await bench.pass(10);
    bench.pictures.set('a', shown.paper);
    await bench.pass(10);
    expect(await open()).toHaveLength(1);
    await expect(bench.service.proposals.reject(inspector, 'none', 'x', '::1')).rejects.toThrow('proposal_unknown');
    await expect(bench.service.proposals.list('open', 'x', 5)).rejects.toThrow('cursor_invalid');
  });
});

describe('the days of a camera', () => {
  test('tell what was to be recorded, what was, and when the picture was good; a day that is over is kept', async () => {
    bench.state.timeline = (fromMs, toMs) => ({
      recorded: [[fromMs + 3 * 60 * minute, toMs]],
      gaps: [
        { from: fromMs, to: fromMs + 2 * 60 * minute, reason: 'schedule' },
        { from: fromMs + 2 * 60 * minute, to: fromMs + 3 * 60 * minute, reason: 'camera_offline' },
      ],
    });
    const days = await bench.service.uptime.days('a');
    expect(days.map((one) => one.day)).toEqual(['2026-11-21', '2026-11-22', '2026-11-23', '2026-11-24']);
    expect(days[1]).toEqual({
      day: '2026-11-22',
      scheduledMs: day - 120 * minute,
      recordedMs: day - 180 * minute,
      healthyMs: day - 180 * minute,
    });
    // Retention has taken it meanwhile; what was kept stays.
    bench.state.timeline = () => ({ recorded: [], gaps: [] });
    expect((await bench.service.uptime.days('a')).slice(0, 3)).toEqual(days.slice(0, 3));
  });

  test('of a covered picture are recorded and not healthy; yesterday is kept for all cameras once a day', async () => {
    bench.pictures.set('a', shown.paper);
    await bench.pass(22);
    const today = (await bench.service.uptime.days('a')).at(-1)!;
    expect(today.recordedMs - today.healthyMs).toBe(20 * minute);
    bench.clock.advance(day);
    await bench.service.uptime.closeDays();
    bench.state.timeline = () => ({ recorded: [], gaps: [] });
    const kept = (await bench.service.uptime.days('b')).find((one) => one.day === '2026-11-24');
    expect(kept?.recordedMs).toBe(day);
  });

  test('and what changed go after 24 months; what still holds stays', async () => {
    away('a');
    await bench.pass(1);
    back('a');
    await bench.pass(1);
    await bench.service.uptime.closeDays();
    bench.clock.advance(731 * day);
    await bench.service.uptime.closeDays();
    const { items } = await bench.service.watch.changes('a', undefined, 50);
    expect(items.map(({ part, state }) => `${part} ${state}`).sort()).toEqual([
      ...['authenticated good', 'clock unknown', 'picture good', 'reachable good', 'streaming good'],
    ]);
    const days = await bench.database.kysely
      .selectFrom('camera_uptime')
      .select('day')
      .where('camera_id', '=', 'a')
      .execute();
    expect(days.map((one) => one.day)).toEqual(['2028-11-23']);
  });
});
