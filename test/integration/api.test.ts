import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fleet, startFleet } from '../../scripts/simulator/fleet.ts';
import { castScene } from '../../scripts/simulator/scenes/casting.ts';
import type { Camera } from '../../server/contracts/cameras.ts';
import type { Role } from '../../server/contracts/roles.ts';
import { onboard, type Person, password, TestProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: TestProduct;
let fleet: Fleet;
let own: Camera;
let foreign: Camera;
const people = {} as Record<Role, Person>;
const sockets: Socket[] = [];

beforeAll(async () => {
  const camera = (id: string, index: number) => ({
    id,
    name: `Camera ${id}`,
    desk: 'Quầy số 1',
    scene: castScene(index, 'QUẦY SỐ 1', 'Phường Hồng Hà'),
    username: 'admin',
    password: `pw-${id}`,
  });
  fleet = await startFleet({ cameras: ['a', 'b'].map(camera), loopFrames: 100, discovery: false });
  const started = await TestProduct.start();
  product = started.product;
  people.admin = started.admin;
  [own, foreign] = (await onboard(started.admin, fleet, ['hong-ha', 'bai-chay'])) as [Camera, Camera];
  for (const role of ['leader', 'home_affairs', 'inspector', 'auditor'] as const) {
    people[role] = await product.person(started.admin, role);
  }
  people.unit_head = await product.person(started.admin, 'unit_head', 'hong-ha');
  const nowMs = Date.now();
  await until(async () => {
    const { json } = await people.leader.call(
      'GET',
      `/api/cameras/${foreign.id}/timeline?from=${nowMs - 60_000}&to=${Date.now()}`,
    );
    return json.recorded.length > 0 && json.recorded[0][1] - json.recorded[0][0] >= 3000;
  });
});

afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await product?.stop();
  await fleet?.stop();
});

function connect(person: Person): Promise<Socket> {
  const socket = io(product.url, {
    transports: ['websocket'],
    ca: product.ca.toString(),
    extraHeaders: { cookie: person.cookie },
    reconnection: false,
  } as Parameters<typeof io>[1]);
  sockets.push(socket);
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', reject);
  });
}

const stretch = () => {
  const nowMs = Date.now();
  return { fromMs: nowMs - 3000, toMs: nowMs - 1000 };
};
const flag = (person: Person, cameraId: string, category = 'TN01') =>
  person.call('POST', '/api/incidents', { cameraId, category, ...stretch(), note: 'quầy trống' });

describe('sessions', () => {
  test('without a session nothing is told but health, set-up and the document', async () => {
    for (const path of ['/api/me', '/api/cameras', '/api/units', '/api/incidents', `/media/${own.id}/sub/live.m3u8`]) {
      expect((await product.call('GET', path)).status, path).toBe(401);
    }
    const before = Date.now();
    const { headers } = await product.call('GET', '/api/setup');
    // By which the console sets its clock.
    expect(Number(headers.now)).toBeGreaterThanOrEqual(before);
    expect(Number(headers.now)).toBeLessThanOrEqual(Date.now());
    for (const path of ['/healthz', '/api/setup', '/api/openapi.json']) {
      expect((await product.call('GET', path)).status, path).toBe(200);
    }
  });

  test('the cookie is for this host, TLS and HTTP alone, and a wrong name looks like a wrong password', async () => {
    const good = await product.call('POST', '/api/session', { body: { username: 'leader', password } });
    expect(good.headers['set-cookie']?.[0]).toMatch(
      /^__Host-lienthong=.+; Path=\/; HttpOnly; Secure; SameSite=Strict$/i,
    );
    const wrong = await product.call('POST', '/api/session', { body: { username: 'leader', password: 'no' } });
    const unknown = await product.call('POST', '/api/session', { body: { username: 'nobody', password: 'no' } });
    expect([wrong.status, wrong.json]).toEqual([unknown.status, unknown.json]);
    expect(wrong.json.error.code).toBe('sign_in_failed');
  });

  test('a change without the token of the session is refused', async () => {
    const { leader } = people;
    const answer = await product.call('POST', '/api/incidents', { body: {}, headers: { cookie: leader.cookie } });
    expect([answer.status, answer.json.error.code]).toEqual([403, 'csrf_token_invalid']);
  });

  test('signing out ends media and socket of that session at once', async () => {
    const person = await product.signIn('inspector');
    const socket = await connect(person);
    const ended = new Promise((resolve) => socket.once('session.ended', resolve));
    const gone = new Promise((resolve) => socket.once('disconnect', resolve));
    expect((await person.call('GET', `/media/${own.id}/sub/live.m3u8`)).status).toBe(200);
    expect((await person.call('DELETE', '/api/session')).status).toBe(204);
    expect(await ended).toEqual({ reason: 'signed_out' });
    await gone;
    expect((await person.call('GET', `/media/${own.id}/sub/live.m3u8`)).status).toBe(401);
    await expect(connect(person)).rejects.toThrow('signed_out');
  });
});

describe('rights', () => {
  /** Status per role, in the order of the columns: leader, home_affairs, inspector, unit_head, admin, auditor. */
  const columns: Role[] = ['leader', 'home_affairs', 'inspector', 'unit_head', 'admin', 'auditor'];
  const nowMs = Date.now();
  const range = `from=${nowMs - 60_000}&to=${nowMs}`;
  const rows: [string, string, number[]][] = [
    ['live of the own unit', '/media/{own}/sub/live.m3u8', [200, 200, 200, 200, 403, 403]],
    ['live of another unit', '/media/{foreign}/sub/live.m3u8', [200, 200, 200, 403, 403, 403]],
    ['recordings', '/media/{own}/main/vod.m3u8?from={from}&to={to}', [200, 200, 200, 403, 403, 403]],
    ['a clip', '/media/{own}/main/clip.mp4?from={from}&to={to}&reason=kiem+tra', [200, 200, 200, 403, 403, 403]],
    ['a keyframe', '/media/{own}/main/keyframe.mp4?at={to}', [200, 200, 200, 403, 403, 403]],
    ['timeline', '/api/cameras/{own}/timeline?from={from}&to={to}', [200, 200, 200, 403, 403, 403]],
    ['a still of now', '/api/cameras/{own}/snapshot.jpg', [200, 200, 200, 200, 200, 403]],
    ['a still of now of another unit', '/api/cameras/{foreign}/snapshot.jpg', [200, 200, 200, 403, 200, 403]],
    ['a still of the past', '/api/cameras/{own}/snapshot.jpg?at={to}', [200, 200, 200, 403, 403, 403]],
    ['a camera of another unit', '/api/cameras/{foreign}', [200, 200, 200, 403, 200, 403]],
    ['working hours of another unit', `/api/units/bai-chay/working-hours?${range}`, [200, 200, 200, 403, 200, 403]],
    ['the calendar', '/api/calendar', [200, 200, 200, 200, 200, 200]],
    ['the calendar as a file', '/api/calendar.ics', [200, 200, 200, 200, 200, 200]],
    ['days of another unit', '/api/calendar/days?year=2027&unit=bai-chay', [200, 200, 200, 403, 200, 403]],
    ['incidents', '/api/incidents', [200, 200, 200, 200, 403, 403]],
    ['figures of cases', '/api/incidents/figures', [200, 200, 200, 200, 403, 403]],
    ['repeats', '/api/incidents/repeats?unit=hong-ha&category=TN01', [200, 200, 200, 403, 403, 403]],
    ['filters of the list', '/api/incident-filters', [200, 200, 200, 200, 403, 403]],
    ['second readings', '/api/second-readings', [200, 200, 200, 403, 403, 403]],
    ['accounts', '/api/users', [403, 403, 403, 403, 200, 403]],
    ['audit log', '/api/audit', [403, 403, 403, 403, 200, 200]],
    ['health', '/api/health', [403, 403, 403, 403, 200, 403]],
    ['how the own cameras do', '/api/camera-health', [200, 200, 200, 200, 200, 403]],
    ['how a camera of another unit does', '/api/cameras/{foreign}/health', [200, 200, 200, 403, 200, 403]],
    ['cases proposed of cameras', '/api/camera-proposals', [200, 200, 200, 403, 403, 403]],
    ['a reference picture', '/api/cameras/{own}/references/day/still.jpg', [403, 403, 403, 403, 404, 403]],
    ['the state of the archive', '/api/archive', [403, 403, 403, 403, 200, 200]],
  ];
  test.each(rows)('%s', async (_name, path, statuses) => {
    const url = path
      .replace('{own}', own.id)
      .replace('{foreign}', foreign.id)
      .replace('{from}', String(Date.now() - 30_000))
      .replace('{to}', String(Date.now() - 1000));
    const found = await Promise.all(columns.map(async (role) => (await people[role].call('GET', url)).status));
    expect(Object.fromEntries(columns.map((role, i) => [role, found[i]]))).toEqual(
      Object.fromEntries(columns.map((role, i) => [role, statuses[i]])),
    );
  });

  test('a calendar file of nearly 1 MB is read, and bodies elsewhere stay small', async () => {
    const event = 'BEGIN:VEVENT\r\nUID:a\r\nDTSTART;VALUE=DATE:20310205\r\nEND:VEVENT\r\n';
    const text = `BEGIN:VCALENDAR\r\n${event}${'COMMENT:x\r\n'.repeat(85_000)}END:VCALENDAR`;
    const read = await people.admin.call('POST', '/api/calendar/imports/preview', { text });
    expect([read.status, read.json.items?.length]).toEqual([200, 1]);
    const wrong = await people.admin.call('POST', '/api/calendar/rows', { text });
    expect([wrong.status, wrong.json.error.code]).toEqual([413, 'body_too_large']);
  });

  test('who may not manage cannot add, change or remove a camera, look for one, or make an account', async () => {
    const calls: [string, string, unknown][] = [
      ['POST', '/api/cameras', { name: 'x', unitId: 'hong-ha', onvif: 'http://127.0.0.1:1/' }],
      ['PATCH', `/api/cameras/${own.id}`, { name: 'x' }],
      ['DELETE', `/api/cameras/${own.id}`, undefined],
      ['POST', `/api/cameras/${own.id}/reference-candidates`, undefined],
      ['POST', `/api/cameras/${own.id}/references`, { candidateId: 'x' }],
      ['DELETE', `/api/cameras/${own.id}/references/day`, undefined],
      ['POST', '/api/discoveries', { method: 'ws_discovery' }],
      ['POST', '/api/calendar/rows', { content: { kind: 'grace', unitIds: [], kinds: [], minutes: 5 } }],
      ['POST', '/api/calendar/imports/preview', { text: 'BEGIN:VCALENDAR' }],
      ['POST', '/api/archive/check', undefined],
      ['DELETE', '/api/archive/check', undefined],
      ['POST', '/api/users', { username: 'xx', name: 'x', role: 'leader', password }],
    ];
    for (const role of columns.filter((other) => other !== 'admin')) {
      for (const [method, path, body] of calls) {
        const answer = await people[role].call(method, path, body);
        expect([role, method, path, answer.status]).toEqual([role, method, path, 403]);
      }
    }
  });

  test('an administrator approves a still of now as the reference of a camera, which is then compared', async () => {
    const { admin, inspector } = people;
    const place = `/api/cameras/${own.id}`;
    const { json: candidate, status } = await admin.call('POST', `${place}/reference-candidates`);
    expect([status, candidate.kind]).toEqual([201, 'day']);
    expect((await admin.call('GET', `${place}/reference-candidates/${candidate.id}/still.jpg`)).status).toBe(200);
    const approved = await admin.call('POST', `${place}/references`, { candidateId: candidate.id });
    expect(approved.json).toMatchObject({ kind: 'day', mediaTimeMs: candidate.mediaTimeMs });
    expect((await admin.call('GET', `${place}/references/day/still.jpg`)).status).toBe(200);
    const { json: health } = await inspector.call('GET', `${place}/health`);
    expect(health.references).toEqual([approved.json]);
    expect(health.notCompared).toBeNull();
    expect(health.parts.map(({ part, state }: { part: string; state: string }) => [part, state]).slice(0, 3)).toEqual([
      ['reachable', 'good'],
      ['authenticated', 'good'],
      ['streaming', 'good'],
    ]);
    expect(health.days).toHaveLength(1);
    expect((await admin.call('DELETE', `${place}/references/day`)).status).toBe(204);
    const { json: audit } = await people.auditor.call('GET', '/api/audit?limit=2');
    expect(audit.items.map(({ action }: { action: string }) => action)).toEqual([
      'camera.reference_dropped',
      'camera.reference_approved',
    ]);
  });

  test('the unit head knows only the own unit and its cameras', async () => {
    const { unit_head } = people;
    const units = (await unit_head.call('GET', '/api/units')).json.items.map((unit: { id: string }) => unit.id);
    const cameras = (await unit_head.call('GET', '/api/cameras')).json.items.map((camera: Camera) => camera.id);
    expect([units, cameras]).toEqual([['hong-ha'], [own.id]]);
  });

  test('no answer carries a password of a camera', async () => {
    for (const role of columns) {
      for (const path of ['/api/cameras', `/api/cameras/${own.id}`, '/api/audit']) {
        expect((await people[role].call('GET', path)).text).not.toContain('pw-');
      }
    }
  });
});

test('a clip comes as a file with a safe name and says what is missing', async () => {
  const toMs = Date.now() - 1000;
  const fromMs = toMs - 60_000;
  const path = `/media/${own.id}/sub/clip.mp4?from=${fromMs}&to=${toMs}&exact=frame&reason=kiem+tra`;
  const { status, headers, body } = await people.inspector.call('GET', path);
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('video/mp4');
  expect(headers['content-disposition']).toMatch(/^attachment; filename="Camera-a-\d{8}-\d{6}-\d{6}\.mp4"$/);
  expect(Number(headers['content-length'])).toBe(body.byteLength);
  const missing = JSON.parse(String(headers['x-missing'])) as { fromMs: number; toMs: number; reason: string }[];
  const missingMs = missing.reduce((sum, gap) => sum + gap.toMs - gap.fromMs, 0);
  expect(missingMs).toBe(Number(headers['x-missing-ms']));
  // Drift that was taken up makes the time of the recordings a little longer or shorter than their media.
  const lengthMs = Number(headers['x-clip-duration-ms']) + missingMs;
  expect(Math.abs(lengthMs - 60_000)).toBeLessThan(40 + 0.05 * 60_000);
  expect(body.toString('latin1', 4, 8)).toBe('ftyp');
  const audit = await people.admin.call('GET', '/api/audit?action=clip.exported&limit=1');
  expect(audit.json.items[0]).toMatchObject({
    subject: `camera:${own.id}`,
    details: { reason: 'kiem tra', exact: 'frame' },
  });
});

test('a clip without a reason is refused', async () => {
  const toMs = Date.now() - 1000;
  const answer = await people.inspector.call('GET', `/media/${own.id}/sub/clip.mp4?from=${toMs - 5000}&to=${toMs}`);
  expect([answer.status, answer.json.error.fields]).toEqual([400, { reason: expect.any(String) }]);
});

/** Takes a step of a case, which has to be allowed. */
async function step(who: Role, id: string, name: string, version: number, words: object = {}): Promise<void> {
  const answer = await people[who].call('POST', `/api/incidents/${id}/${name}`, { version, ...words });
  expect([answer.status, answer.json.version], name).toEqual([200, version + 1]);
}

/** From a flag to the answer of the unit's head. */
async function explain(id: string): Promise<void> {
  await step('home_affairs', id, 'verify', 1);
  await step('home_affairs', id, 'request_explanation', 2, { reason: 'Vì sao quầy trống?' });
  await step('unit_head', id, 'explain', 3, { reason: 'Cán bộ đi họp.' });
}

/** From a flag, by anybody but the inspector, to its conclusion. */
async function conclude(id: string): Promise<void> {
  await explain(id);
  await step('inspector', id, 'conclude', 4, { conclusion: 'reminder', reason: 'quầy trống trong giờ' });
}

describe('incidents', () => {
  test('unit heads, administrators and auditors cannot flag', async () => {
    for (const role of ['unit_head', 'admin', 'auditor'] as const) {
      expect((await flag(people[role], own.id)).status, role).toBe(403);
    }
  });

  test('a flag reaches whoever may see it at once, and nobody else', async () => {
    const heard: Record<string, string[]> = {};
    for (const role of ['leader', 'inspector', 'unit_head', 'admin'] as const) {
      const list: string[] = [];
      heard[role] = list;
      const socket = await connect(people[role]);
      socket.onAny((name: string, { incident }: { incident?: { state: string } }) => {
        // The end of the footage is news too, and comes when it comes.
        if (incident !== undefined && (name !== 'incident.changed' || incident.state !== 'flagged')) {
          list.push(`${name} ${incident.state}`);
        }
      });
    }
    const made = await flag(people.home_affairs, own.id);
    expect(made.status).toBe(201);
    const id = made.json.id as string;
    await until(() => heard.leader?.length === 1 && heard.inspector?.length === 1);
    await conclude(id);
    const told = (role: Role) => [...new Set(heard[role])];
    await until(() => told('leader').length === 5 && told('unit_head').length === 3);
    const sent = ['explanation_requested', 'awaiting_conclusion', 'concluded'].map(
      (state) => `incident.changed ${state}`,
    );
    expect(told('leader')).toEqual(['incident.created flagged', 'incident.changed verifying', ...sent]);
    expect(told('unit_head')).toEqual(sent);
    expect(heard.admin).toEqual([]);
  });

  test('the unit head plays the clip of a case that was sent to the unit, and no byte beside it', async () => {
    const list = await people.unit_head.call('GET', '/api/incidents');
    const [sent] = list.json.items;
    expect(sent).toMatchObject({ state: 'concluded', unitId: 'hong-ha', flaggedBy: null });
    const playlist = await people.unit_head.call('GET', `/media/incidents/${sent.id}/vod.m3u8`);
    expect(playlist.status).toBe(200);
    const [, range, file] = /#EXT-X-BYTERANGE:(\d+@\d+)\n(.+)/.exec(playlist.text) ?? [];
    const [length, offset] = (range ?? '').split('@').map(Number) as [number, number];
    const fetchRange = (from: number, to: number) =>
      people.unit_head.call('GET', `/media/incidents/${sent.id}/${file}`, undefined, { range: `bytes=${from}-${to}` });
    const clip = await fetchRange(offset, offset + length - 1);
    expect([clip.status, clip.body.byteLength]).toEqual([206, length]);
    expect((await fetchRange(offset, offset + length)).status).toBe(403);
    expect((await people.unit_head.call('GET', `/media/incidents/${sent.id}/${file}`)).status).toBe(403);
    const still = await people.unit_head.call('GET', `/api/incidents/${sent.id}/still.jpg`);
    expect([still.status, still.headers['content-type']]).toEqual([200, 'image/jpeg']);
  });

  test('a case that was not sent to the unit does not exist for its head', async () => {
    const open = (await flag(people.leader, own.id)).json.id;
    const closedElsewhere = (await flag(people.leader, foreign.id)).json.id;
    for (const id of [open, closedElsewhere]) {
      for (const path of [
        `/api/incidents/${id}`,
        `/media/incidents/${id}/vod.m3u8`,
        `/api/incidents/${id}/still.jpg`,
      ]) {
        expect((await people.unit_head.call('GET', path)).status, path).toBe(404);
      }
    }
  });

  test('whoever flagged may not conclude, and a stale version is refused with a code', async () => {
    const { id } = (await flag(people.inspector, own.id)).json;
    await explain(id);
    const conclusion = { version: 4, conclusion: 'criticism', reason: 'lý do' };
    const self = await people.inspector.call('POST', `/api/incidents/${id}/conclude`, conclusion);
    expect([self.status, self.json.error.code]).toEqual([403, 'flagger_cannot_conclude']);
    const stale = await people.leader.call('POST', `/api/incidents/${id}/conclude`, { ...conclusion, version: 3 });
    expect([stale.status, stale.json.error.code]).toEqual([409, 'version_conflict']);
    expect(stale.json.error.details).toMatchObject({
      version: 4,
      state: 'awaiting_conclusion',
      entries: [{ step: 'explain', reason: 'Cán bộ đi họp.' }],
    });
  });

  test('a case of before its camera moved stays with the unit of its time, and so does its clip', async () => {
    const { admin, leader, unit_head } = people;
    const before = stretch();
    await admin.call('PATCH', `/api/cameras/${own.id}`, { unitId: 'bai-chay' });
    try {
      const flagged = { cameraId: own.id, category: 'TN01', ...before };
      const { json } = await leader.call('POST', '/api/incidents', flagged);
      expect(json.unitId).toBe('hong-ha');
      await conclude(json.id);
      expect((await unit_head.call('GET', `/media/incidents/${json.id}/vod.m3u8`)).status).toBe(200);
      expect((await unit_head.call('GET', `/media/${own.id}/sub/live.m3u8`)).status).toBe(403);
      const over = await leader.call('POST', '/api/incidents', { ...flagged, toMs: Date.now() + 60_000 });
      expect([over.status, over.json.error.code]).toEqual([400, 'time_out_of_bounds']);
    } finally {
      await admin.call('PATCH', `/api/cameras/${own.id}`, { unitId: 'hong-ha' });
    }
  });

  test('cases are commented on, watched, assigned together and seen beside others; the unit has none of it', async () => {
    const { home_affairs, inspector, unit_head } = people;
    const made = await Promise.all([flag(inspector, own.id), flag(inspector, own.id)]);
    const [id, other] = made.map(({ json }) => json.id as string);
    const sockets = await Promise.all([connect(inspector), connect(unit_head)]);
    const told: string[][] = sockets.map((socket) => {
      const names: string[] = [];
      socket.onAny((name: string) => names.push(name));
      return names;
    });
    const text = 'Xem lại quầy số hai';
    const body = { text, mentions: [{ role: 'inspector' }] };
    expect((await home_affairs.call('POST', `/api/incidents/${id}/comments`, body)).status).toBe(201);
    await until(() => told[0]?.includes('incident.commented') ?? false);
    for (const socket of sockets) socket.disconnect();
    expect(told[1]).not.toContain('incident.commented');
    expect((await inspector.call('GET', '/api/incidents?mentioned=true&q=quay+so+hai')).json.items[0].id).toBe(id);
    const { watchers } = (await inspector.call('GET', `/api/incidents/${id}/watch`)).json;
    expect(new Set(watchers.map((one: { role: string }) => one.role))).toEqual(new Set(['inspector', 'home_affairs']));
    expect((await inspector.call('PUT', `/api/incidents/${id}/watch`)).json.watching).toBe(true);
    expect((await inspector.call('DELETE', `/api/incidents/${id}/watch`)).json.watching).toBe(false);
    const { json: mentionable } = await home_affairs.call('GET', `/api/incidents/${id}/mentionable`);
    const assigneeId = mentionable.people.find((one: { role: string }) => one.role === 'inspector').userId;
    const items = [
      { id, version: 1 },
      { id: other, version: 7 },
    ];
    const assigned = await home_affairs.call('POST', '/api/incidents/assign', { items, assigneeId });
    expect(assigned.json.items.map((one: { refusal: string | null }) => one.refusal)).toEqual([
      null,
      'version_conflict',
    ]);
    const found = await inspector.call('GET', `/api/incidents/${id}/duplicates`);
    expect(found.json.items.map((one: { id: string }) => one.id)).toContain(other);
    for (const path of ['comments', 'watch', 'mentionable', 'duplicates']) {
      expect([403, 404]).toContain((await unit_head.call('GET', `/api/incidents/${id}/${path}`)).status);
    }
  });

  test('bad input is refused with the fields to mend', async () => {
    const answer = await people.leader.call('POST', '/api/incidents', {
      cameraId: own.id,
      category: 'XX',
      fromMs: 5,
      toMs: 1,
    });
    expect([answer.status, answer.json.error.code]).toEqual([400, 'request_invalid']);
    expect(Object.keys(answer.json.error.fields)).toContain('category');
  });
});

describe('media', () => {
  test('a live playlist blocks until the part is there, and its parts can be fetched', async () => {
    const { leader } = people;
    const base = `/media/${own.id}/sub/`;
    const first = (await leader.call('GET', `${base}live.m3u8`)).text;
    const msn = Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(first)?.[1]) + (first.match(/#EXTINF/g)?.length ?? 0);
    const next = await leader.call('GET', `${base}live.m3u8?_HLS_msn=${msn + 1}&_HLS_part=0`);
    expect(next.status).toBe(200);
    const part = /#EXT-X-PART:[^\n]*URI="([^"]+)"/.exec(next.text)?.[1];
    const bytes = await leader.call('GET', `${base}${part}`);
    expect([bytes.status, bytes.headers['content-type'], bytes.body.subarray(4, 8).toString()]).toEqual([
      200,
      'video/mp4',
      'moof',
    ]);
    const far = await leader.call('GET', `${base}live.m3u8?_HLS_msn=${msn + 1000}`);
    expect([far.status, far.json.error.code]).toEqual([400, 'playlist_request_invalid']);
  });

  test('a keyframe comes with its time, and a recording by range', async () => {
    const { leader } = people;
    const atMs = Date.now() - 2000;
    const keyframe = await leader.call('GET', `/media/${own.id}/sub/keyframe.mp4?at=${atMs}`);
    const timeMs = Number(keyframe.headers['x-media-time']);
    expect(timeMs).toBeLessThanOrEqual(atMs);
    expect(keyframe.body.subarray(4, 8).toString()).toBe('ftyp');
    const vod = await leader.call('GET', `/media/${own.id}/main/vod.m3u8?from=${atMs - 2000}&to=${atMs}`);
    const file = /^file\/.+$/m.exec(vod.text)?.[0];
    const piece = await leader.call('GET', `/media/${own.id}/main/${file}`, undefined, { range: 'bytes=4-7' });
    expect([piece.status, piece.text, piece.headers['content-range']]).toEqual([
      206,
      'ftyp',
      expect.stringMatching(/^bytes 4-7\/\d+$/),
    ]);
  });

  test('a range past the end of a file is answered with 416 and its size, one that is none with 400', async () => {
    const { leader } = people;
    const nowMs = Date.now();
    const vod = await leader.call('GET', `/media/${own.id}/main/vod.m3u8?from=${nowMs - 5000}&to=${nowMs - 1000}`);
    const file = `/media/${own.id}/main/${/^file\/.+$/m.exec(vod.text)?.[0]}`;
    const past = await leader.call('GET', file, undefined, { range: 'bytes=999999999-' });
    expect([past.status, past.json.error.code, past.headers['content-range']]).toEqual([
      416,
      'range_not_satisfiable',
      expect.stringMatching(/^bytes \*\/\d+$/),
    ]);
    const over = await leader.call('GET', file, undefined, { range: 'bytes=4-999999999' });
    const [, last, total] = /^bytes 4-(\d+)\/(\d+)$/.exec(over.headers['content-range'] ?? '') ?? [];
    expect([over.status, Number(last)]).toEqual([206, Number(total) - 1]);
    for (const range of ['bytes=5-4', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-']) {
      expect((await leader.call('GET', file, undefined, { range })).status, range).toBe(400);
    }
    const head = await leader.call('HEAD', file, undefined, { range: 'bytes=0-7' });
    expect([head.status, head.headers['content-length'], head.body.byteLength]).toEqual([206, '8', 0]);
  });

  test('every view is in the log of views: who, which camera, live or recorded', async () => {
    const { openDatabase } = await import('../../server/storage/database.ts');
    const { silentLogger } = await import('../../server/platform/log.ts');
    const person = await product.signIn('home_affairs');
    await person.call('GET', `/api/cameras/${foreign.id}/snapshot.jpg`);
    const { id } = (await flag(person, foreign.id)).json;
    await until(async () => (await person.call('GET', `/api/incidents/${id}/still.jpg`)).status === 200);
    const database = await openDatabase({ sqlitePath: `${product.dataDir}/lienthong.sqlite`, log: silentLogger });
    try {
      const newest = database.kysely.selectFrom('sessions').select('id').where('user_id', '=', person.me.id);
      const { id: sessionId } = await newest.orderBy('created_at_ms', 'desc').executeTakeFirstOrThrow();
      // A view is written when it pauses.
      await until(async () => {
        const rows = await database.kysely.selectFrom('view_log').selectAll().execute();
        const seen = rows.filter((row) => row.session_id === sessionId && row.camera_id === foreign.id);
        return ['live', 'recorded'].every((kind) => seen.some((row) => row.kind === kind));
      }, 60_000);
    } finally {
      await database.close();
    }
  });
});

describe('what surrounds the registry of cameras', () => {
  test('is the administrator’s; what a camera tells is for whoever may play back', async () => {
    const { id } = own;
    const asked = [
      ['POST', '/api/onboarding/inspections', { addresses: ['127.0.0.1:1'] }],
      ['GET', '/api/camera-profiles', undefined],
      ['POST', '/api/cameras/bulk', { ids: [id], changes: { enabled: true } }],
      ['POST', '/api/cameras/import', { csv: 'name,unit\n' }],
      ['GET', '/api/cameras/import/template.csv', undefined],
      ['POST', `/api/cameras/${id}/reboot`, { reason: 'thử' }],
      ['POST', `/api/cameras/${id}/clock`, {}],
      ['POST', `/api/cameras/${id}/replace`, { onvif: 'http://127.0.0.1:1/onvif' }],
    ] as const;
    for (const [method, path, body] of asked) {
      for (const role of ['leader', 'inspector', 'unit_head', 'auditor'] as const) {
        expect((await people[role].call(method, path, body)).status, `${role} ${path}`).toBe(403);
      }
    }
    const events = async (role: Role) => (await people[role].call('GET', `/api/cameras/${id}/events`)).status;
    expect([await events('leader'), await events('admin'), await events('unit_head')]).toEqual([200, 403, 403]);
  });

  test('a device is inspected with the credentials of a camera, which nobody is told; it is listened to once that is switched on', async () => {
    const { admin, leader } = people;
    const onvif = fleet.cameras[0]!.onvif;
    const begun = await admin.call('POST', '/api/onboarding/inspections', {
      addresses: [onvif],
      credentialsOf: own.id,
    });
    expect(begun.status).toBe(202);
    const [{ id }] = begun.json.items;
    await until(async () => (await admin.call('GET', `/api/onboarding/inspections/${id}`)).json.profiles.length === 2);
    const found = await admin.call('GET', `/api/onboarding/inspections/${id}`);
    expect(found.json).toMatchObject({ onvif, cameraId: own.id, device: { manufacturer: 'Liên Thông' } });
    expect(found.text).not.toContain('pw-a');
    expect((await admin.call('DELETE', `/api/onboarding/inspections/${id}`)).status).toBe(204);

    const patched = await admin.call('PATCH', `/api/cameras/${own.id}`, { events: true });
    expect(patched.json).toMatchObject({ events: true, profileId: null, settingSources: { events: 'camera' } });
    const told = () => leader.call('GET', `/api/cameras/${own.id}/events`);
    await until(async () => (await told()).json.listening.state === 'listening');
    const nowMs = Date.now();
    const timeline = await leader.call(
      'GET',
      `/api/cameras/${own.id}/timeline?from=${nowMs - 60_000}&to=${nowMs + 1_000}`,
    );
    expect(timeline.json.events).toEqual([]);
    await admin.call('PATCH', `/api/cameras/${own.id}`, { events: false });
  });

  test('what a simulated camera does not do is told as refused, and on record', async () => {
    const { admin } = people;
    const reboot = await admin.call('POST', `/api/cameras/${own.id}/reboot`, { reason: 'treo hình' });
    expect([reboot.status, reboot.json.error.code]).toEqual([409, 'camera_refused']);
    const clock = await admin.call('POST', `/api/cameras/${own.id}/clock`, {});
    expect(clock.json).toEqual({ state: 'refused', errorCode: 'device_refused', changes: [] });
    const { json } = await admin.call('GET', '/api/audit?limit=10');
    expect(json.items.map(({ action }: { action: string }) => action)).toEqual(
      expect.arrayContaining(['camera.reboot_asked', 'camera.reboot_failed', 'camera.clock_set']),
    );
    const picture = await people.leader.call('GET', `/api/cameras/${own.id}/snapshot.jpg?source=device`);
    expect([picture.status, [...picture.body.subarray(0, 2)]]).toEqual([200, [0xff, 0xd8]]);
  });
});
