import { expect, it } from 'vitest';
import { afterPushFailure, freshMemory, livePath, type PathMemory } from './live-path-policy.ts';

const all = { push: true, hls: true };
const silent = { code: 'push_silent', status: null, refused: false };
const failed = (memory: PathMemory, nowMs: number) => afterPushFailure(memory, silent, true, nowMs);

it('prefers push, then hls.js, then what the browser does by itself', () => {
  expect(livePath(all, freshMemory, 0)).toBe('push');
  expect(livePath({ push: false, hls: true }, freshMemory, 0)).toBe('hls');
  expect(livePath({ push: false, hls: false }, freshMemory, 0)).toBe('native');
});

it('falls back after two failures in a minute, for a minute, and longer each time', () => {
  const once = failed(freshMemory, 0);
  expect(livePath(all, once, 0)).toBe('push');
  const first = failed(once, 1_000);
  expect(livePath(all, first, 60_999)).toBe('hls');
  expect(livePath(all, first, 61_000)).toBe('push');
  const second = failed(failed(first, 62_000), 63_000);
  expect(livePath(all, second, 182_999)).toBe('hls');
  expect(livePath(all, second, 183_000)).toBe('push');
  let many = second;
  for (let i = 0; i < 20; i += 1) many = failed(many, 63_000);
  expect(many.avoidUntilMs).toBe(663_000);
});

it('takes failures far apart for accidents, and forgives after half an hour', () => {
  const apart = failed(failed(freshMemory, 0), 60_001);
  expect(livePath(all, apart, 60_001)).toBe('push');
  const often = failed(failed(failed(failed(freshMemory, 0), 0), 0), 0);
  const later = failed(failed(often, 1_800_001), 1_800_002);
  expect(later).toMatchObject({ givenUp: 1, avoidUntilMs: 1_860_002 });
});

it.each([
  ['the server says that the camera is away', { code: 'push_refused', status: 503, refused: false }, true],
  ['the stream ended', { code: 'push_ended', status: null, refused: false }, true],
  ['the server or the network is away', { code: 'TypeError', status: null, refused: false }, true],
  ['the camera does not send', silent, false],
])('does not blame push when %s', (_what, failure, cameraSends) => {
  expect(afterPushFailure(freshMemory, failure, cameraSends, 0)).toEqual(freshMemory);
});

it('blames push when the picture stands still though the camera sends', () => {
  expect(afterPushFailure(freshMemory, undefined, true, 0).failures).toBe(1);
});
