import { expect, test } from 'vitest';
import { addSeen, joinWithinMs, keptAfterWrite, maxStretches, type SeenStretch } from './view-stretches.ts';

const minute = 60_000;

function seen(...requests: [fromMs: number, toMs: number][]): SeenStretch[] {
  const stretches: SeenStretch[] = [];
  for (const [n, [from, to]] of requests.entries()) addSeen(stretches, n, from, to, () => `id${n}`);
  return stretches;
}
const spans = (stretches: SeenStretch[]) => stretches.map(({ mediaFromMs, mediaToMs }) => [mediaFromMs, mediaToMs]);

test('pieces that follow one another are one stretch, also with a piece left out or asked for again', () => {
  expect(spans(seen([0, 1000], [1000, 2000], [2000 + joinWithinMs, 13_000], [500, 600]))).toEqual([[0, 13_000]]);
});

test('a stretch grows backwards too', () => {
  expect(spans(seen([5000, 6000], [4000, 5000]))).toEqual([[4000, 6000]]);
});

test('a jump begins another stretch: what lies between was not seen', () => {
  expect(spans(seen([0, 1000], [30 * minute, 30 * minute + 1000], [1000, 2000]))).toEqual([
    [0, 2000],
    [30 * minute, 30 * minute + 1000],
  ]);
});

test('each stretch knows when it was watched', () => {
  expect(seen([0, 1000], [30 * minute, 31 * minute], [1000, 2000])).toMatchObject([
    { id: 'id0', fromMs: 0, toMs: 2 },
    { id: 'id1', fromMs: 1, toMs: 1 },
  ]);
});

test('when they are too many, the two that lie closest become one, and nothing that was seen is lost', () => {
  const requests = Array.from({ length: maxStretches }, (_, n): [number, number] => [
    n * 10 * minute,
    n * 10 * minute + 1000,
  ]);
  const stretches = seen(...requests, [35 * minute, 35 * minute + 1000]);
  expect(stretches).toHaveLength(maxStretches);
  expect(spans(stretches)).toContainEqual([30 * minute, 35 * minute + 1000]);
  for (const [from, to] of requests) {
    expect(stretches.some((stretch) => stretch.mediaFromMs <= from && stretch.mediaToMs >= to)).toBe(true);
  }
});

test('after a write a view keeps what it was last at, so that the same row goes on growing', () => {
  const stretches = seen([0, 1000], [30 * minute, 31 * minute], [1000, 2000]);
  for (const stretch of stretches) stretch.dirty = false;
  expect(keptAfterWrite(stretches).map((stretch) => stretch.id)).toEqual(['id0']);
});

test('after a write nothing is dropped that has changed meanwhile', () => {
  const stretches = seen([0, 1000], [30 * minute, 31 * minute], [1000, 2000]);
  expect(keptAfterWrite(stretches)).toEqual(stretches);
});
