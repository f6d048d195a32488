import { PassThrough } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { initSegment, secondsOf } from '../../../test/support/fmp4-fixture.ts';
import { manualClock } from '../../../test/support/manual-clock.ts';
import { until } from '../../../test/support/until.ts';
import type { Child, ChildExit } from '../../platform/child-process.ts';
import { silentLogger } from '../../platform/log.ts';
import { type Fragment, FragmentReader } from '../fmp4/fragment-reader.ts';
import type { Init } from '../fmp4/init.ts';
import { LiveWindow } from '../live/live-window.ts';
import { LiveTranscodes } from './live-transcodes.ts';
import { TranscodeSlots } from './transcode-slots.ts';

/** Hands on what it reads, as it comes: a transcode whose codec is the same. */
class Passing implements Child {
  pid = undefined;
  stdin = new PassThrough();
  stdout = this.stdin;
  ended = false;
  readonly #exit = Promise.withResolvers<ChildExit>();
  exited = this.#exit.promise;
  stderrTail = () => '';

  terminate(): Promise<ChildExit> {
    this.ended = true;
    this.#exit.resolve({ code: 0, signal: null });
    return this.exited;
  }

  fail(): void {
    this.ended = true;
    this.#exit.resolve({ code: 1, signal: null });
  }
}

let transcodes: LiveTranscodes;
const children: Passing[] = [];
const clock = manualClock();
let failing = false;

function source() {
  const window = new LiveWindow(1000);
  let init: Init | undefined;
  const fragments: Fragment[] = [];
  const reader = new FragmentReader({
    init: (found) => {
      init = found;
    },
    fragment: (fragment) => fragments.push(fragment),
  });
  for (const chunk of [initSegment('hvc1'), ...secondsOf(20)]) reader.push(chunk);
  const begin = (mark: string) => window.begin(init!, mark);
  begin('a');
  const push = (from: number, to: number) => {
    for (const fragment of fragments.slice(from, to)) window.push(fragment, 5000 + fragment.baseDecodeTime / 90);
  };
  push(0, 3);
  /** Up to the second keyframe: a segment is complete. */
  const more = () => push(3, 6);
  return { window, push, more, begin };
}

function pool(size = 2): LiveTranscodes {
  children.length = 0;
  transcodes = new LiveTranscodes({
    start: () => {
      if (failing) throw new Error('no process can be started');
      const child = new Passing();
      children.push(child);
      return child;
    },
    ffmpeg: { program: 'ffmpeg', owner: 'test' },
    ...{ slots: new TranscodeSlots(size), clock, log: silentLogger, idleMs: 10_000 },
  });
  return transcodes;
}

afterEach(() => transcodes.stop());

test('all viewers of a stream share one transcode, which begins at the newest keyframe and keeps its time', async () => {
  const { window, push, more } = source();
  const [one, two] = await Promise.all([pool().of('a', window), transcodes.of('a', window)]);
  expect(two).toBe(one);
  more();
  expect(children).toHaveLength(1);
  const playlist = await one.playlist({});
  expect(playlist).toContain('#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:05.000Z');
  const next = one.playlist({ msn: 1, part: 0 }).catch((error) => error.code);
  push(6, 20);
  await next;
  const name = /live\/(h264-\w+-p\d+\.mp4)/.exec(await one.playlist({}))?.[1] ?? '';
  expect((await one.resource(name)).length).toBeGreaterThan(100);
});

test('a transcode ends ten seconds after its last viewer, and not before', async () => {
  const { window, more } = source();
  const transcode = await pool().of('a', window);
  more();
  await transcode.playlist({});
  clock.advance(9999);
  await transcodes.sweep();
  expect(children[0]?.ended).toBe(false);
  await transcode.playlist({});
  clock.advance(9999);
  await transcodes.sweep();
  expect(children[0]?.ended).toBe(false);
  clock.advance(1);
  await transcodes.sweep();
  expect(children[0]?.ended).toBe(true);
  await expect(transcodes.running('a')).rejects.toMatchObject({ code: 'media_gone' });
});

test('a transcode that cannot be started leaves the recording that it follows alone, and is tried again', async () => {
  const { window, push } = source();
  pool();
  failing = true;
  await transcodes.of('a', window);
  expect(() => push(3, 20)).not.toThrow();
  expect((await window.playlist({})).match(/#EXTINF/g)).toHaveLength(3);
  failing = false;
  await until(() => children.length === 1);
});

test('who waits for the next part is a viewer', async () => {
  const { window, push, more } = source();
  const transcode = await pool().of('a', window);
  more();
  const text = await transcode.playlist({});
  const msn = Number(/MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1]);
  const waiting = transcode.playlist({ msn: msn + 1 });
  clock.advance(60_000);
  await transcodes.sweep();
  expect(children[0]?.ended).toBe(false);
  push(6, 20);
  expect(await waiting).toContain('#EXTM3U');
});

test('no more than so many streams are transcoded; a place that is left is given on', async () => {
  const transcode = await pool(1).of('a', source().window);
  await expect(transcodes.of('b', source().window)).rejects.toMatchObject({ code: 'transcodes_busy' });
  await transcodes.end('a');
  expect(await transcodes.of('b', source().window)).not.toBe(transcode);
});

test('a run of the camera that ends, ends its process; the next one begins another', async () => {
  const { window, push, more, begin } = source();
  const transcode = await pool().of('a', window);
  more();
  await transcode.playlist({});
  window.end();
  expect(children[0]?.ended).toBe(true);
  await expect(transcode.playlist({})).rejects.toMatchObject({ code: 'stream_not_live' });
  begin('b');
  push(5, 11);
  expect(children).toHaveLength(2);
  expect(await transcode.playlist({})).toContain('#EXT-X-DISCONTINUITY\n');
});
