import { beforeEach, describe, expect, it } from 'vitest';
import { initSegment, secondsOf } from '../../../test/support/fmp4-fixture.ts';
import { boxType, u32, u64 } from '../fmp4/boxes.ts';
import { type Fragment, FragmentReader } from '../fmp4/fragment-reader.ts';
import type { Init } from '../fmp4/init.ts';
import { producerTimeBytes } from '../fmp4/producer-time.ts';
import type { PushPart, PushViewer } from '../recorder.ts';
import { LivePush } from './live-push.ts';
import { LiveWindow } from './live-window.ts';

const fragments: Fragment[] = [];
let init: Init;
const reader = new FragmentReader({
  init: (found) => {
    init = found;
  },
  fragment: (fragment) => fragments.push(fragment),
});
for (const chunk of [initSegment(), ...secondsOf(6)]) reader.push(chunk);

const startMs = 1_790_000_000_250;
let window: LiveWindow;
let push: LivePush;
const pushed = (from: number, to: number) => {
  for (const f of fragments.slice(from, to)) window.push(f, startMs + (f.baseDecodeTime / init.timescale) * 1000);
};

class Recorded implements PushViewer {
  news: string[] = [];
  parts: PushPart[] = [];
  init() {
    this.news.push('init');
  }
  part(part: PushPart) {
    this.news.push(part.independent ? 'key' : 'part');
    this.parts.push(part);
  }
  end() {
    this.news.push('end');
  }
  failed() {
    this.news.push('failed');
  }
}

beforeEach(() => {
  window = new LiveWindow(1000);
  push = new LivePush(window);
  window.begin(init, 'a');
});

describe('the push stream of a live window', () => {
  it('begins with the init and the newest keyframe for everyone, whoever watches already', () => {
    const key = fragments.findLastIndex((f, i) => f.keyframe && i < fragments.length - 1);
    pushed(0, key + 2);
    const first = new Recorded();
    const second = new Recorded();
    push.follow(first);
    push.follow(second);
    expect(first.news).toEqual(['init', 'key', 'part']);
    expect(second.news).toEqual(first.news);
    pushed(key + 2, key + 3);
    expect(second.parts.at(-1)?.bytes).toBe(first.parts.at(-1)?.bytes);
  });

  it('tells right before every fragment when it was captured', () => {
    pushed(0, 3);
    const viewer = new Recorded();
    push.follow(viewer);
    for (const [index, { bytes, fromMs }] of viewer.parts.entries()) {
      const media = fragments[index]!.baseDecodeTime;
      expect([u32(bytes, 0), boxType(bytes, 4), boxType(bytes, producerTimeBytes + 4)]).toEqual([32, 'prft', 'moof']);
      const ntpMs = u32(bytes, 16) * 1000 + (u32(bytes, 20) * 1000) / 2 ** 32;
      expect(ntpMs - 2_208_988_800_000).toBeCloseTo(fromMs, 2);
      expect([u32(bytes, 12), u64(bytes, 24)]).toEqual([init.trackId, media]);
    }
    expect(viewer.parts.length).toBe(3);
  });

  it('goes on with a new init when the stream begins anew, and follows nothing when nobody watches', () => {
    pushed(0, 1);
    const viewer = new Recorded();
    const leave = push.follow(viewer);
    window.end();
    window.begin(init, 'b');
    pushed(0, 1);
    expect(viewer.news).toEqual(['init', 'key', 'init', 'key']);
    leave();
    pushed(1, 2);
    expect([viewer.news.length, push.viewers]).toEqual([4, 0]);
  });

  it('lets one viewer that fails disturb neither the recording nor the others', () => {
    const broken = new Recorded();
    broken.part = () => {
      throw new Error('broken');
    };
    const viewer = new Recorded();
    push.follow(broken);
    push.follow(viewer);
    pushed(0, 2);
    expect(broken.news).toEqual(['init', 'failed', 'failed']);
    expect(viewer.news).toEqual(['init', 'key', 'part']);
  });
});
