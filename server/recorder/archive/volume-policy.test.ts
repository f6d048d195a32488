import { expect, it } from 'vitest';
import { bytesToFree, reserveOf, roomOf, type VolumeSpace, volumeForFile, volumesToClean } from './volume-policy.ts';

const GiB = 2 ** 30;
const space = (over: Partial<VolumeSpace> = {}): VolumeSpace => ({
  ...{ sizeBytes: 1000 * GiB, freeBytes: 500 * GiB, usedBytes: 500 * GiB, limitBytes: null, reserveBytes: null },
  ...over,
});

it.each([
  ['2 % of a large disk', space(), 20 * GiB],
  ['1 GiB of a small one', space({ sizeBytes: 20 * GiB }), GiB],
  ['a quarter of a tiny one', space({ sizeBytes: 2 * GiB }), GiB / 2],
  ['2 % of the limit, where one is set', space({ limitBytes: 100 * GiB }), 2 * GiB],
  ['as configured', space({ reserveBytes: 7 }), 7],
] as const)('the reserve is %s', (_case, volume, bytes) => {
  expect(reserveOf(volume)).toBe(bytes);
});

// The reserve is 100; by what is left, and by what it was before.
it.each([
  [1000, 'roomy', 'roomy'],
  [100, 'roomy', 'roomy'],
  [99, 'roomy', 'near'],
  [50, 'near', 'near'],
  [49, 'near', 'full'],
  [99, 'full', 'full'],
  [100, 'full', 'roomy'],
  [0, 'roomy', 'full'],
] as const)('with %d bytes left a volume that was %s and is %s', (freeBytes, before, after) => {
  expect(roomOf(space({ freeBytes, reserveBytes: 100 }), before)).toBe(after);
  // A limit counts as the disk does.
  const limited = space({ limitBytes: 10_000, usedBytes: 10_000 - freeBytes, reserveBytes: 100 });
  expect(roomOf(limited, before)).toBe(after);
});

const volume = (name: string, room: 'roomy' | 'near' | 'full', usable = true, over: Partial<VolumeSpace> = {}) => ({
  ...{ name, room, usable, space: space(over) },
});

it.each([
  ['the first that is roomy', [volume('a', 'near'), volume('b', 'roomy'), volume('c', 'roomy')], 'b'],
  ['the first that is near its limit when none is roomy', [volume('a', 'full'), volume('b', 'near')], 'b'],
  ['none that cannot be used', [volume('a', 'roomy', false), volume('b', 'near')], 'b'],
  ['none at all when all are full', [volume('a', 'full'), volume('b', 'roomy', false)], undefined],
] as const)('a new file goes to %s', (_case, volumes, name) => {
  expect(volumeForFile(volumes)?.name).toBe(name);
});

it.each([
  ['on none while one is roomy', [volume('a', 'full'), volume('b', 'roomy')], []],
  ['on any when none is roomy', [volume('a', 'full'), volume('b', 'near')], ['a', 'b']],
  ['not on one that cannot be used', [volume('a', 'full', false), volume('b', 'near')], ['b']],
  [
    'on one over its own limit in any case',
    [volume('a', 'full', true, { limitBytes: 10, usedBytes: 11 }), volume('b', 'roomy')],
    ['a'],
  ],
] as const)('footage goes %s', (_case, volumes, names) => {
  expect(volumesToClean(volumes).map(({ name }) => name)).toEqual(names);
});

it('as much goes as gives the reserve back and a quarter of it more', () => {
  expect(bytesToFree(space({ freeBytes: 60, reserveBytes: 100 }))).toBe(65);
  expect(bytesToFree(space({ freeBytes: 100, reserveBytes: 100 }))).toBe(0);
});
