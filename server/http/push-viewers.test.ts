import { PassThrough } from 'node:stream';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Actor } from '../access/actor.ts';
import type { SeenMedia } from '../access/view-log.ts';
import { systemClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/log.ts';
import type { PushViewer } from '../recorder/recorder.ts';
import { Http1Exchange } from './exchange.ts';
import { PushViewers, pushLimits } from './push-viewers.ts';

const actor = { userId: 'u', name: 'N', role: 'leader', unitId: null, sessionId: 's' } as unknown as Actor;
let source: PushViewer;
let followed: boolean;
let session: { actor: Actor } | undefined;
let seen: SeenMedia[];
let viewers: PushViewers;
let out: PassThrough;

const part = (bytes: number, fromMs: number, independent = false) =>
  source.part({ bytes: Buffer.alloc(bytes, 1), independent, fromMs, toMs: fromMs + 200 });

beforeEach(async () => {
  vi.useFakeTimers();
  seen = [];
  followed = true;
  session = { actor };
  viewers = new PushViewers({
    clock: systemClock,
    log: silentLogger,
    sessions: { resolve: async () => session },
    directory: { get: () => ({ id: 'cam1', unitId: 'hong-ha' }) },
    viewLog: { seen: (media: SeenMedia) => seen.push(media) },
    recorder: {
      livePush: async (_camera: string, _stream: string, viewer: PushViewer) => {
        source = viewer;
        return () => {
          followed = false;
        };
      },
    },
  } as unknown as ConstructorParameters<typeof PushViewers>[0]);
  out = Object.assign(new PassThrough({ highWaterMark: 0 }), { writeHead: () => {} });
  await viewers.send({
    cameraId: 'cam1',
    stream: 'sub',
    token: 't',
    actor,
    exchange: new Http1Exchange({} as never, out as never),
    headers: {},
  });
  source.init(Buffer.alloc(100), 'avc1.64001f');
  return () => vi.useRealTimers();
});

test('no more than 4 MB wait for a viewer that takes nothing, and it goes on with the next keyframe once it takes again', () => {
  for (let i = 0; i < 200; i += 1) part(100_000, i * 200, i % 10 === 0);
  const waiting = out.writableLength + out.readableLength;
  expect(waiting).toBeLessThanOrEqual(pushLimits.queuedBytes);
  expect(viewers.skips).toBe(1);
  while (out.read() !== null);
  part(999, 40_000);
  expect(out.read()).toBeNull();
  part(998, 40_200, true);
  expect(out.read()?.length).toBe(998);
});

test('ends when the codec changes, since its header says what decodes the stream', () => {
  source.init(Buffer.alloc(100), 'avc1.64001f');
  expect(out.writableEnded).toBe(false);
  source.init(Buffer.alloc(100), 'hvc1.1.6.L120.90');
  expect(out.writableEnded).toBe(true);
});

test('what was sent is told to the log of views while it goes on', async () => {
  part(10, 1000, true);
  part(10, 1200);
  await vi.advanceTimersByTimeAsync(pushLimits.lookEveryMs);
  expect(seen).toMatchObject([{ cameraId: 'cam1', stream: 'sub', kind: 'live', mediaFromMs: 1000, mediaToMs: 1400 }]);
});

test.each([
  ['session', () => (session = undefined)],
  ['right', () => (session = { actor: { ...actor, role: 'auditor' } as Actor })],
])('a stream ends within 5 s when its %s does, and is followed no longer', async (_what, take) => {
  part(10, 1000, true);
  take();
  await vi.advanceTimersByTimeAsync(5000);
  expect([out.destroyed, followed, viewers.count]).toEqual([true, false, 0]);
});
