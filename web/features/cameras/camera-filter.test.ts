import { describe, expect, it } from 'vitest';
import type { CameraHealth } from '../../../server/contracts/camera-health.ts';
import type { Camera } from '../../../server/contracts/cameras.ts';
import { type CameraFilter, chooseCameras } from './camera-filter.ts';
import { streamText } from './stream-text.ts';

const camera = (id: string, state: Camera['state'], unitId: string, name: string): Camera => ({
  id,
  name,
  unitId,
  deskIds: [],
  state,
  sinceMs: 0,
  streams: [],
  simulated: true,
  ptz: null,
});
const units = new Map([
  ['u1', 'Phường Hồng Gai'],
  ['u2', 'Phường Bạch Đằng'],
]);
const cameras = [
  camera('a', 'online', 'u1', 'Quầy số 10'),
  camera('b', 'online', 'u1', 'Quầy số 2'),
  camera('c', 'stopped', 'u2', 'Quầy số 1'),
  camera('d', 'offline', 'u1', 'Quầy số 3'),
  camera('e', 'auth_failed', 'u2', 'Sảnh'),
];
const everything: CameraFilter = { q: '', units: [], states: [], troubles: [] };
const ids = (filter: Partial<CameraFilter>, health?: ReadonlyMap<string, CameraHealth>) =>
  chooseCameras(cameras, units, { ...everything, ...filter }, health).map((one) => one.id);

describe('the list of cameras', () => {
  it('shows faults first, then by unit and by number within the name', () => {
    expect(ids({})).toEqual(['e', 'd', 'b', 'a', 'c']);
  });
  it('narrows by words of name and unit without diacritics', () => {
    expect(ids({ q: 'hong gai 10' })).toEqual(['a']);
  });
  it('narrows by unit and state together', () => {
    expect(ids({ units: ['u1'], states: ['offline', 'auth_failed'] })).toEqual(['d']);
  });
  it('narrows by what the picture shows and by what is not compared, and puts such trouble before what is well', () => {
    const health = new Map([
      ['a', healthOf('a', 'moved', null)],
      ['b', healthOf('b', null, 'no_reference')],
      ['d', healthOf('d', 'timeout', null)],
    ]);
    expect(ids({}, health)).toEqual(['e', 'd', 'a', 'b', 'c']);
    expect(ids({ troubles: ['moved', 'dark'] }, health)).toEqual(['a']);
    expect(ids({ troubles: ['no_reference'] }, health)).toEqual(['b']);
    expect(ids({ troubles: ['moved'] })).toEqual([]);
  });
});

function healthOf(cameraId: string, cause: string | null, notCompared: CameraHealth['notCompared']): CameraHealth {
  const part = {
    part: 'picture',
    state: cause === null ? 'good' : 'trouble',
    sinceMs: 0,
    cause,
    detail: null,
  } as const;
  return { cameraId, parts: [part], trouble: null, notCompared };
}

describe('a stream in words', () => {
  it('says as much as is known', () => {
    expect(streamText({ codec: 'h265', width: 1920, height: 1080, fps: 12.5 }, 'vi', 'hình/s')).toBe(
      '1920×1080 · H.265 · 12,5 hình/s',
    );
    expect(streamText({ codec: 'H264', width: 640, height: 360, fps: null }, 'en', 'fps')).toBe('640×360 · H.264');
    expect(streamText({ codec: 'unknown', width: 0, height: 0, fps: 0 }, 'vi', 'hình/s')).toBeNull();
  });
});
