import { expect, it } from 'vitest';
import { decodeKeyframes, encodeKeyframes } from './keyframe-table.ts';

it('keeps times and offsets in a few bytes a keyframe', () => {
  const entries = Array.from({ length: 60 }, (_, i) => ({ time: i * 90_000, offset: 784 + i * 375_123 }));
  const bytes = encodeKeyframes(entries);
  expect(decodeKeyframes(bytes)).toEqual(entries);
  expect(bytes.length).toBeLessThan(60 * 7);
});

it('holds sizes beyond 32 bits', () => {
  const entries = [{ time: 2 ** 40, offset: 2 ** 45 }];
  expect(decodeKeyframes(encodeKeyframes(entries))).toEqual(entries);
});

it('refuses a table that is cut off', () => {
  const bytes = encodeKeyframes([{ time: 90_000, offset: 100_000 }]);
  expect(() => decodeKeyframes(bytes.subarray(0, -1))).toThrow(RangeError);
});
