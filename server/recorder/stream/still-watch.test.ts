import { describe, expect, it } from 'vitest';
import { StillWatch, stillLimits } from './still-watch.ts';

/** Sizes as measured: a keyframe, then frames between keyframes. */
interface Scene {
  key(gop: number): number;
  inter(frame: number): number;
}

/** Longest still time that the watch sees over `seconds` of GOPs of `frames`, and when it first reached the limit. */
function watch(scene: Scene, seconds: number, { frames = 25, fps = 25, pixels = 1920 * 1080 } = {}) {
  const subject = new StillWatch(pixels);
  let longestMs = 0;
  let reportedMs: number | null = null;
  for (let frame = 0; frame < seconds * fps; frame += 1) {
    const inGop = frame % frames;
    const bytes = inGop === 0 ? scene.key(Math.floor(frame / frames)) : scene.inter(frame);
    const nowMs = (frame * 1000) / fps;
    const still = subject.push([bytes], inGop === 0, nowMs);
    longestMs = Math.max(longestMs, still);
    if (still >= stillLimits.stillMs) reportedMs ??= nowMs;
  }
  return { longestMs, reportedMs };
}

/** A quiet scene whose frames differ by a strip of blocks: 79 to 150 bytes at 1080p, and now and then somebody moves. */
const quiet: Scene = { key: (gop) => 95_000 + (gop % 7), inter: (frame) => 79 + ((frame * 7919) % 71) };

describe('a frozen picture', () => {
  it.each([
    ['the same coded frames', { key: () => 95_000, inter: (frame: number) => 300 + (frame % 25) * 40 }],
    [
      'frames that change nothing, after keyframes that differ',
      { key: (gop: number) => 95_000 + gop, inter: () => 71 },
    ],
  ])('is told within a minute by %s', (_, scene) => {
    for (const frames of [25, 50, 250]) {
      const { reportedMs } = watch(scene, 60, { frames });
      expect(reportedMs, `${frames} frames a GOP`).not.toBeNull();
      expect(reportedMs).toBeLessThan(60_000);
    }
  });

  it('is told where every frame is a keyframe', () => {
    expect(watch({ key: () => 40_000, inter: () => 0 }, 60, { frames: 1 }).reportedMs).toBeLessThan(60_000);
  });
});

describe('a scene in which nothing happens', () => {
  it('is no frozen picture: some frame differs', () => {
    expect(watch(quiet, 300).longestMs).toBeLessThan(3000);
    expect(watch({ ...quiet, key: (gop) => 40_000 + (gop % 3) }, 300, { frames: 1 }).longestMs).toBeLessThan(3000);
  });

  it('is seen to move again after one frame of another size', () => {
    const subject = new StillWatch(640 * 360);
    for (let second = 0; second < 60; second += 1) subject.push([25_000, 22, 22, 22, 22], true, second * 1000);
    expect(subject.push([25_000, 22, 22, 22, 22], true, 60_000)).toBeGreaterThan(stillLimits.stillMs);
    expect(subject.push([900], false, 60_200)).toBe(0);
  });
});
