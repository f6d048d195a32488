import { expect, test } from 'vitest';
import { permits } from '../../access/roles-policy.ts';
import type { SeenMedia } from '../../access/view-log.ts';
import type { Role } from '../../contracts/roles.ts';
import { AppError } from '../../platform/errors.ts';
import type { Services } from '../services.ts';
import { cameraRoutes } from './cameras.ts';
import { incidentRoutes } from './incidents.ts';

const nowMs = Date.UTC(2026, 10, 2);

/** The two routes that answer with stills, over one camera whose sub stream gives nothing and whose main stream gives a picture of `pictureMs`. */
function stills(pictureMs: number) {
  const seen: SeenMedia[] = [];
  const services = {
    clock: { nowMs: () => nowMs, monotonicMs: () => 0 },
    directory: { get: () => ({ id: 'cam', unitId: 'ward', streams: [{ name: 'main' }, { name: 'sub' }] }) },
    recorder: {
      still: async (_id: string, stream: string) => {
        if (stream === 'sub') throw new AppError('not_found', 'nothing_recorded');
        return { jpeg: new Uint8Array([1]), mediaTimeMs: pictureMs };
      },
    },
    incidents: {
      summary: async () => ({ cameraId: 'cam', atMs: pictureMs }),
      still: async () => new Uint8Array([2]),
    },
    viewLog: { seen: (media: SeenMedia) => seen.push(media) },
  } as unknown as Services;
  const ask = (role: Role, path: string, at?: number) => {
    const route = [...cameraRoutes(services), ...incidentRoutes(services)].find((known) => known.path === path);
    if (route === undefined) throw new Error(`no route ${path}`);
    const actor = { userId: 'u', username: 'u', name: 'U', role, unitId: role === 'unit_head' ? 'ward' : null };
    const session = { id: 's', actor: { ...actor, sessionId: 's' }, csrfToken: '', createdAtMs: 0, expiresAtMs: 0 };
    const caller = { address: '', userAgent: '', signal: new AbortController().signal };
    return Promise.resolve(route.handle({ params: { id: 'x' }, query: { at }, body: undefined, caller, session }));
  };
  return { seen, ask };
}

const snapshot = '/api/cameras/:id/snapshot.jpg';

test('the newest picture of a camera that is away is the past, and only for whoever may play back', async () => {
  for (const role of ['leader', 'unit_head', 'admin'] as const) {
    const fresh = stills(nowMs - 59_000);
    expect(await fresh.ask(role, snapshot), role).toMatchObject({ status: 200 });
    expect(fresh.seen[0]).toMatchObject({ kind: 'live', stream: 'main', mediaFromMs: nowMs - 59_000 });
    const old = stills(nowMs - 61_000);
    if (permits({ role, unitId: 'ward' }, 'play_back', { unitId: 'ward' })) {
      expect(await old.ask(role, snapshot), role).toMatchObject({ status: 200 });
      expect(old.seen[0]).toMatchObject({ kind: 'recorded', stream: 'main' });
    } else {
      await expect(old.ask(role, snapshot), role).rejects.toMatchObject({ code: 'nothing_recorded' });
      expect(old.seen).toEqual([]);
    }
  }
});

test('the still of a case is told to the log of views', async () => {
  const { seen, ask } = stills(nowMs - 1000);
  expect(await ask('leader', '/api/incidents/:id/still.jpg')).toMatchObject({ status: 200 });
  expect(seen).toMatchObject([
    { cameraId: 'cam', kind: 'recorded', mediaFromMs: nowMs - 1000, actor: { role: 'leader' } },
  ]);
});
