import { PassThrough, Writable } from 'node:stream';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fragment, initSegment, secondsOf } from '../../../test/support/fmp4-fixture.ts';
import { type ManualClock, manualClock } from '../../../test/support/manual-clock.ts';
import type { Child, ChildExit } from '../../platform/child-process.ts';
import type { FragmentListener } from '../fmp4/fragment-reader.ts';
import { runStream, streamLimits } from './run-stream.ts';

/** A process whose output the test writes, and that ends when it is told to. */
class FakeChild implements Child {
  readonly pid = 1;
  readonly stdin = new Writable();
  readonly stdout = new PassThrough();
  words = '';
  readonly exited: Promise<ChildExit>;
  end!: (exit: ChildExit) => void;

  constructor() {
    this.exited = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  stderrTail(): string {
    return this.words;
  }

  async terminate(): Promise<ChildExit> {
    this.end({ code: 255, signal: null });
    return this.exited;
  }
}

let child: FakeChild;
let clock: ManualClock;
let abort: AbortController;
let listener: FragmentListener;
let frames: number;

beforeEach(() => {
  child = new FakeChild();
  clock = manualClock();
  abort = new AbortController();
  frames = 0;
  listener = {
    init: () => {},
    fragment: () => {
      frames += 1;
    },
  };
});

const run = () => runStream(() => child, listener, clock, abort.signal);

describe('a run of a stream', () => {
  it('is over when frames stay away, though the process lives', async () => {
    const over = run();
    child.stdout.write(Buffer.concat([initSegment(), ...secondsOf(1)]));
    await vi.waitFor(() => expect(frames).toBe(5));
    clock.advance(streamLimits.stallMs);
    expect((await over).cause).toBe('no_frames');
  });

  it('waits longer for the first frame, which comes with a keyframe only', async () => {
    const over = run();
    let ended = false;
    void over.then(() => {
      ended = true;
    });
    clock.advance(streamLimits.firstFrameMs - 1);
    child.stdout.write(Buffer.concat([initSegment(), ...secondsOf(1)]));
    await vi.waitFor(() => expect(frames).toBe(5));
    expect(ended).toBe(false);
    abort.abort();
    await over;
  });

  it('is given up when its bytes are no MP4', async () => {
    const over = run();
    child.stdout.write('HTTP/1.1 200 OK\r\n\r\n');
    expect((await over).cause).toBe('unsupported_stream');
  });

  it.each([
    ['forwards', fragment(90_000 * 3600, { keyframe: true })],
    ['within a fragment', fragment(5 * 3600, { frames: 1000 })],
  ])('is given up when timestamps jump %s, before the frames are taken', async (_, jumped) => {
    const over = run();
    child.stdout.write(Buffer.concat([initSegment(), fragment(0, { keyframe: true }), jumped]));
    expect((await over).cause).toBe('timestamps_jumped');
    expect(frames).toBe(1);
  });

  it('is given up when timestamps stand still, whatever comes after', async () => {
    const over = run();
    child.stdout.write(Buffer.concat([initSegment(), fragment(0, { keyframe: true, frames: 25, duration: 1 })]));
    expect((await over).cause).toBe('timestamps_stuck');
    expect(frames).toBe(0);
  });

  it('ends alone when its frames cannot be taken', async () => {
    listener.fragment = () => {
      throw new Error('the index is locked');
    };
    const over = run();
    child.stdout.write(Buffer.concat([initSegment(), ...secondsOf(1)]));
    expect(await over).toMatchObject({ cause: 'recorder_failed', detail: 'the index is locked' });
  });

  it('tells why in words without credentials', async () => {
    const over = run();
    child.words = "Impossible to open 'rtsp://admin:secret@10.0.0.9/'\nConnection refused";
    child.end({ code: 1, signal: null });
    const end = await over;
    expect(end.cause).toBe('connection_refused');
    expect(end.detail).not.toContain('secret');
  });
});
