import { expect, it } from 'vitest';
import { MOST_SCALE, pannedBy, whole, zoomedBy } from './picture-zoom-policy.ts';

it('what lies under the pointer stays under it', () => {
  const at = { x: 0.25, y: 0.75 };
  const once = zoomedBy(whole, 2, at);
  expect(once).toEqual({ scale: 2, x: -0.25, y: -0.75 });
  const twice = zoomedBy(once, 1.5, at);
  expect([(at.x - twice.x) / twice.scale, (at.y - twice.y) / twice.scale]).toEqual([0.25, 0.75]);
});

it('the picture always fills its tile, and ends whole', () => {
  const corner = zoomedBy(whole, 4, { x: 0, y: 0 });
  expect(pannedBy(corner, { x: 1, y: 1 })).toEqual(corner);
  expect(pannedBy(corner, { x: -99, y: -1 })).toEqual({ scale: 4, x: -3, y: -1 });
  expect(zoomedBy(corner, 0.1, { x: 1, y: 1 })).toEqual(whole);
  expect(zoomedBy({ scale: 1.05, x: -0.01, y: 0 }, 0.95, { x: 0.5, y: 0.5 })).toEqual(whole);
});

it('goes no further than what still shows something', () => {
  expect(zoomedBy(whole, 100, { x: 0.5, y: 0.5 }).scale).toBe(MOST_SCALE);
});
