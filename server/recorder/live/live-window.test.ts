import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fragment, frame, initSegment, secondsOf } from '../../../test/support/fmp4-fixture.ts';
import { type Fragment, FragmentReader } from '../fmp4/fragment-reader.ts';
import type { Init } from '../fmp4/init.ts';
import { LiveWindow } from './live-window.ts';
import type { PartFile } from './stored-part.ts';

function parse(init: Buffer, chunks: Buffer[]): { init: Init; fragments: Fragment[] } {
  const fragments: Fragment[] = [];
  const inits: Init[] = [];
  const reader = new FragmentReader({ init: (found) => inits.push(found), fragment: (f) => fragments.push(f) });
  for (const chunk of [init, ...chunks]) reader.push(chunk);
  return { init: inits[0]!, fragments };
}

const media = parse(initSegment(), secondsOf(30));
let window: LiveWindow;
const push = (from: number, to: number) => {
  for (const f of media.fragments.slice(from, to)) window.push(f, f.baseDecodeTime / 90);
};

/** A file in memory to which parts are written as they are pushed. */
function recordedFile() {
  let bytes = Buffer.alloc(100);
  let takes = true;
  const reads: number[] = [];
  const file: PartFile = {
    holds: (end) => takes && end <= bytes.length,
    read: async (offset, length) => {
      reads.push(offset);
      if (offset + length > bytes.length) throw new Error('no such bytes');
      return Uint8Array.from(bytes.subarray(offset, offset + length));
    },
  };
  return {
    reads,
    refuse: () => {
      takes = false;
    },
    remove: () => {
      bytes = Buffer.alloc(0);
    },
    push: (from: number, to: number) => {
      for (const f of media.fragments.slice(from, to)) {
        const offset = bytes.length;
        bytes = Buffer.concat([bytes, f.moof, ...f.mdat]);
        window.push(f, f.baseDecodeTime / 90, { file, offset });
      }
    },
  };
}

beforeEach(() => {
  window = new LiveWindow(1000);
  window.begin(media.init, 'a');
});

describe('the live window', () => {
  it('cuts segments at keyframes and keeps some seconds, whatever comes', () => {
    push(0, 150);
    const view = window.view();
    expect(view.segments.map((segment) => segment.msn)).toEqual(Array.from({ length: 16 }, (_, i) => 1014 + i));
    expect(view.segments.every((segment) => Math.abs(segment.duration - 1) < 1e-9)).toBe(true);
    expect(view.segments.filter((segment) => segment.parts.length > 0)).toHaveLength(4);
  });

  it('serves what it names and what has just left the playlist, and no older bytes', async () => {
    push(0, 150);
    for (const segment of window.view().segments) {
      expect((await window.resource(segment.init)).length).toBe(media.init.bytes.length);
      for (const part of segment.parts) expect((await window.resource(part.name)).length).toBeGreaterThan(100);
      if (segment.name !== null) expect((await window.resource(segment.name)).length).toBeGreaterThan(500);
    }
    expect((await window.resource('a-s1021.mp4')).length).toBeGreaterThan(500);
    await expect(window.resource('a-s1010.mp4')).rejects.toMatchObject({ code: 'media_gone' });
    await expect(window.resource('../x')).rejects.toMatchObject({ code: 'media_gone' });
  });

  it('begins with a keyframe', () => {
    push(3, 6);
    expect(window.view().segments.map((segment) => segment.parts.length)).toEqual([1]);
  });

  it('puts short fragments together to parts, none over a keyframe, and gives followers each fragment as it comes', async () => {
    // Three frames a fragment, and a keyframe every second: the last fragment of a GOP has one frame.
    const short = parse(
      initSegment(),
      [...Array(2).keys()].flatMap((gop) =>
        [3, 3, 3, 3, 3, 3, 3, 3, 1].map((frames, i) =>
          fragment((gop * 25 + i * 3) * frame, { frames, keyframe: i === 0 }),
        ),
      ),
    );
    window.begin(short.init, 'b');
    const durations = () =>
      window.view().segments.map(({ parts }) => parts.map(({ duration }) => Math.round(duration * 1000)));
    const told: number[] = [];
    window.follow({ begin: () => {}, part: ({ startMs }) => told.push(startMs), end: () => {} });
    const listed = short.fragments.map((f) => {
      window.push(f, f.baseDecodeTime / 90);
      return durations().at(-1)?.length ?? 0;
    });
    // Not listed before it is whole; what a keyframe cut short waits for no more.
    expect(listed).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 1, 1, 2, 2, 3, 3, 4, 5]);
    expect(durations()).toEqual([
      [240, 240, 240, 240, 40],
      [240, 240, 240, 240, 40],
    ]);
    expect(told).toEqual(short.fragments.map((f) => f.baseDecodeTime / 90));
    const [first] = window.view().segments[0]?.parts ?? [];
    const whole = [0, 1].flatMap((i) => [short.fragments[i]!.moof, ...short.fragments[i]!.mdat]);
    expect(Buffer.from(await window.resource(first?.name ?? ''))).toEqual(Buffer.concat(whole));
    window.push({ ...short.fragments[0]!, baseDecodeTime: 50 * frame }, 2000);
    const late: number[] = [];
    window.follow({ begin: () => {}, part: ({ startMs }) => late.push(startMs), end: () => {} });
    expect(late).toEqual([2000]);
    window.end();
    expect(durations().at(-1)).toEqual([120]);
  });

  it('answers who waits when the part comes, and the hinted part itself', async () => {
    push(0, 7);
    const playlist = window.playlist({ msn: 1001, part: 2 });
    const hinted = window.resource('a-p7.mp4');
    push(7, 8);
    expect(await playlist).toContain('live/a-p7.mp4');
    expect((await hinted).length).toBeGreaterThan(100);
  });

  it('writes the playlist of one state once, and a delta update beside it', async () => {
    push(0, 149);
    const [whole, again] = [await window.playlist({}), await window.playlist({})];
    const delta = await window.playlist({ msn: 1029, part: 0, skip: true });
    expect(again).toBe(whole);
    expect(whole).not.toContain('#EXT-X-SKIP');
    expect(delta).toContain('#EXT-X-SKIP:SKIPPED-SEGMENTS=4\n');
    expect(delta.length).toBeLessThan(whole.length);
    push(149, 150);
    expect(await window.playlist({})).not.toBe(whole);
  });

  it('gives up a wait after three target durations instead of hanging', async () => {
    vi.useFakeTimers();
    try {
      push(0, 7);
      const playlist = window.playlist({ msn: 1003 });
      const refused = expect(playlist).rejects.toMatchObject({ kind: 'unavailable', code: 'playlist_timeout' });
      await vi.advanceTimersByTimeAsync(7000);
      await refused;
    } finally {
      vi.useRealTimers();
    }
  });

  it('tells who waits that the stream has ended', async () => {
    push(0, 7);
    const playlist = window.playlist({ msn: 1001, part: 2 });
    window.end();
    await expect(playlist).rejects.toMatchObject({ code: 'stream_not_live' });
  });

  it('goes on counting after a restart, with a discontinuity and new names, and the same init where it is the same', () => {
    push(0, 12);
    window.begin(media.init, 'b');
    push(0, 7);
    const { segments, discontinuitySequence } = window.view();
    expect(segments.map((segment) => segment.msn)).toEqual([1000, 1001, 1002, 1003, 1004]);
    expect(segments.map((segment) => segment.discontinuity)).toEqual([false, false, false, true, false]);
    expect(segments.map((segment) => segment.name)).toEqual([
      'a-s1000.mp4',
      'a-s1001.mp4',
      'a-s1002.mp4',
      'b-s1003.mp4',
      null,
    ]);
    expect(new Set(segments.map((segment) => segment.init))).toEqual(new Set(['a-init.mp4']));
    expect(discontinuitySequence).toBe(0);
  });

  it('counts discontinuities that have left the playlist, and gives another format its own init', () => {
    push(0, 5);
    const other = parse(initSegment('avc1', 1280), secondsOf(30));
    window.begin(other.init, 'b');
    for (const f of other.fragments) window.push(f, 10_000 + f.baseDecodeTime / 90);
    const view = window.view();
    expect(view.discontinuitySequence).toBe(1);
    expect(view.segments.every((segment) => segment.init === 'b-init.mp4' && !segment.discontinuity)).toBe(true);
  });

  it('keeps the two newest segments in memory, and reads older ones where they are recorded', async () => {
    const file = recordedFile();
    file.push(0, 11);
    const before = [await window.resource('a-s1001.mp4'), await window.resource('a-p7.mp4')];
    expect(file.reads).toEqual([]);
    file.push(11, 26);
    expect([await window.resource('a-s1001.mp4'), await window.resource('a-p7.mp4')]).toEqual(before);
    expect(file.reads).toHaveLength(2);
    await window.resource('a-s1004.mp4');
    expect(file.reads).toHaveLength(2);
    await Promise.all([window.resource('a-p7.mp4'), window.resource('a-p6.mp4'), window.resource('a-p6.mp4')]);
    expect(file.reads).toHaveLength(3);
    file.push(26, 31);
    await window.resource('a-p6.mp4');
    expect(file.reads).toHaveLength(4);
  });

  it('keeps what the disk has not taken', async () => {
    const file = recordedFile();
    file.refuse();
    file.push(0, 31);
    expect((await window.resource('a-s1001.mp4')).length).toBeGreaterThan(500);
    expect(file.reads).toEqual([]);
  });

  it('tells that a part is gone when its file is', async () => {
    const file = recordedFile();
    file.push(0, 26);
    file.remove();
    await expect(window.resource('a-s1001.mp4')).rejects.toMatchObject({ code: 'media_gone' });
    expect((await window.resource('a-s1004.mp4')).length).toBeGreaterThan(500);
  });

  it('gives the newest keyframe', () => {
    push(0, 8);
    expect(window.newestKeyframe()?.mediaTimeMs).toBe((25 * frame) / 90);
  });
});
