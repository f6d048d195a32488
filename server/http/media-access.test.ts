import { beforeEach, describe, expect, it } from 'vitest';
import type { SeenMedia } from '../access/view-log.ts';
import { systemClock } from '../platform/clock.ts';
import { silentLogger } from '../platform/log.ts';
import type { Exchange } from './exchange.ts';
import { MediaHandler } from './media-handler.ts';
import type { Services } from './services.ts';

let role: string | undefined;
let seen: SeenMedia[];
let handler: MediaHandler;

beforeEach(() => {
  seen = [];
  role = 'leader';
  handler = new MediaHandler({
    clock: systemClock,
    log: silentLogger,
    sessions: {
      resolve: async () => role && { actor: { role, unitId: 'bai-chay', sessionId: 's' } },
      on: () => () => {},
    },
    directory: { get: (id: string) => (id === 'cam1' ? { id, unitId: 'hong-ha' } : undefined) },
    viewLog: { seen: (media: SeenMedia) => seen.push(media) },
    recorder: {
      livePlaylist: async () => {
        role = undefined;
        await new Promise((resolve) => setTimeout(resolve, 30));
        return '#EXTM3U';
      },
    },
  } as unknown as Services);
});

async function ask(url: string, headers: Record<string, string> = {}): Promise<number> {
  let told = 0;
  await handler.handle({
    method: 'GET',
    url,
    headers: { cookie: '__Host-lienthong=token', ...headers },
    remoteAddress: '127.0.0.1',
    begun: false,
    gone: false,
    answer: (status: number) => {
      told = status;
    },
    onClose: () => {},
  } as unknown as Exchange);
  return told;
}

describe('what a proxy is told that holds live media', () => {
  it.each([
    ['leader', '/media/cam1/sub/live/a-p7.mp4', 204, 1],
    ['leader', '/media/cam1/sub/live.m3u8?_HLS_msn=7&_HLS_part=1', 204, 0],
    ['unit_head', '/media/cam1/sub/live/a-p7.mp4', 403, 0],
    ['leader', '/media/other/sub/live/a-p7.mp4', 403, 0],
    ['leader', '/media/cam1/main/file/1.mp4', 403, 0],
    ['leader', '/media/cam1/nonsense', 403, 0],
    [undefined, '/media/cam1/sub/live/a-p7.mp4', 401, 0],
  ])('a session of %s that asks for %s: %i, views told: %i', async (who, uri, status, views) => {
    role = who;
    expect(await ask('/media/access', { 'x-original-uri': uri })).toBe(status);
    expect(seen.map(({ cameraId, kind }) => [cameraId, kind])).toEqual(Array(views).fill(['cam1', 'live']));
  });
});

it('asks for the session again after a wait, before it answers', async () => {
  expect(await ask('/media/cam1/sub/live.m3u8?_HLS_msn=7')).toBe(401);
});
