import { execFileSync } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fleet } from '../../scripts/simulator/fleet.ts';
import { completenessOf } from '../../server/recorder/playback/completeness.ts';
import type { Recorder } from '../../server/recorder/recorder.ts';
import { canMount, mountTmpfs, unmount } from '../support/mounts.ts';
import {
  openRecorder,
  recordedMs,
  recorderCamera,
  removeDirectory,
  startCameras,
  streamState,
  temporaryDirectory,
  until,
} from '../support/recorder-fixture.ts';

const mebibyte = 2 ** 20;
let fleet: Fleet;
let directory: string;
let recorder: Recorder;

beforeAll(async () => {
  fleet = await startCameras(['cam']);
});

afterAll(async () => {
  await fleet?.stop();
});

describe.runIf(canMount)('a recorder with two volumes', () => {
  let one: string;
  let two: string;
  const mounted = new Set<string>();

  const mount = (path: string) => {
    mountTmpfs(path, 64 * mebibyte);
    mounted.add(path);
  };
  const alarms = async () => (await recorder.health()).alarms.map(({ code }) => code);
  const states = async () => (await recorder.health()).volumes?.map(({ name, state }) => `${name} ${state}`);

  beforeEach(async () => {
    directory = await temporaryDirectory();
    [one, two] = [join(directory, 'one'), join(directory, 'two')];
    for (const path of [one, two]) {
      await mkdir(path);
      mount(path);
    }
    const bounds = { limitBytes: null, reserveBytes: mebibyte };
    recorder = await openRecorder(directory, {
      ...{ fileMs: 2000, lookEveryMs: 200 },
      volumes: [
        { name: 'one', path: one, ...bounds },
        { name: 'two', path: two, ...bounds },
      ],
    });
  });

  afterEach(async () => {
    await recorder.stop();
    for (const path of mounted) unmount(path);
    mounted.clear();
    await removeDirectory(directory);
  });

  it('records on while one is unmounted, shows what lies on it as offline, and has it all back afterwards', async () => {
    const startedMs = Date.now();
    await recorder.putCamera(recorderCamera(fleet.camera('cam'), ['main']));
    await until(
      'recordings on the first',
      20_000,
      async () => (await recordedMs(recorder, 'cam', 'main', startedMs)) > 5000,
    );
    const before = await recorder.timeline('cam', 'main', startedMs, Date.now());
    expect(before.offline).toBeUndefined();
    const [fromMs, toMs] = before.recorded[0]!;

    execFileSync('mount', ['--move', one, await folder('aside')]);
    const goneMs = Date.now();
    await until('offline', 5000, async () => (await states())?.[0] === 'one offline');
    await until(
      'recording on the other',
      15_000,
      async () => (await recordedMs(recorder, 'cam', 'main', goneMs)) > 3000,
    );
    expect(await readdir(one)).toEqual([]);
    expect(await alarms()).toEqual(['volume_offline']);
    expect((await streamState(recorder, 'cam', 'main')).state).toBe('recording');

    const during = await recorder.timeline('cam', 'main', startedMs, Date.now());
    expect(during.offline?.[0]?.[0]).toBe(fromMs);
    expect(during.recorded[0]![0]).toBe(fromMs);
    await expect(recorder.vodPlaylist('cam', 'main', fromMs, fromMs + 1500)).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'volume_offline',
    });
    await expect(recorder.keyframe('cam', 'main', fromMs + 100)).rejects.toMatchObject({ code: 'volume_offline' });
    expect(await recorder.vodPlaylist('cam', 'main', fromMs, Date.now())).toContain('#EXT-X-ENDLIST');

    execFileSync('mount', ['--move', join(directory, 'aside'), one]);
    const backMs = Date.now();
    await until('in use again', 5000, async () => (await states())?.[0] === 'one roomy');
    expect(await alarms()).toEqual([]);
    expect(await recorder.vodPlaylist('cam', 'main', fromMs, fromMs + 1500)).toContain('#EXT-X-ENDLIST');
    await until('more', 15_000, async () => (await recordedMs(recorder, 'cam', 'main', backMs)) > 3000);
    const after = await recorder.timeline('cam', 'main', startedMs, Date.now());
    expect(after.offline).toBeUndefined();
    expect(after.recorded[0]![1]).toBeGreaterThanOrEqual(toMs - 500);
    const account = completenessOf(after, startedMs, after.recorded.at(-1)![1]);
    expect(account.unexplainedMs).toBe(0);
  });

  async function folder(name: string): Promise<string> {
    await mkdir(join(directory, name));
    return join(directory, name);
  }
});
