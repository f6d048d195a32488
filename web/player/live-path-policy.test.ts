import { expect, it } from 'vitest';
import { afterPushFailure, freshMemory, livePath, type PathMemory } from './live-path-policy.ts';

const all = { push: true, hls: true };
const broken = { code: 'push_silent', status: null, refused: false };

it('prefers push, then hls.js, then what the browser does by itself', () => {
  expect(livePath(all, freshMemory, 0)).toBe('push');
  expect(livePath({ push: false, hls: true }, freshMemory, 0)).toBe('hls');
  expect(livePath({ push: false, hls: false }, freshMemory, 0)).toBe('native');
});

it('falls back after two failures in a row, for a minute, and longer each time', () => {
  const twice = (memory: PathMemory, nowMs: number) =>
    afterPushFailure(afterPushFailure(memory, broken, nowMs), broken, nowMs);
  const once = afterPushFailure(freshMemory, broken, 0);
  expect(livePath(all, once, 0)).toBe('push');
  const first = twice(freshMemory, 1_000);
  expect(livePath(all, first, 60_999)).toBe('hls');
  expect(livePath(all, first, 61_000)).toBe('push');
  const second = twice(first, 61_000);
  expect(livePath(all, second, 180_999)).toBe('hls');
  expect(livePath(all, second, 181_000)).toBe('push');
  let many = second;
  for (let i = 0; i < 20; i += 1) many = twice(many, 0);
  expect(many.avoidUntilMs).toBe(600_000);
});

it('blames push neither for a camera that is away nor for a stream that ended', () => {
  for (const failure of [
    { code: 'push_refused', status: 503, refused: false },
    { code: 'push_ended', status: null, refused: false },
  ]) {
    expect(afterPushFailure(freshMemory, failure, 0)).toEqual(freshMemory);
  }
});
