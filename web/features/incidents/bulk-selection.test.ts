import { expect, it } from 'vitest';
import { rangeOf } from './bulk-selection.ts';

it('a range goes from the row that was ticked last to this one, upwards too', () => {
  const ids = ['a', 'b', 'c', 'd'];
  expect(rangeOf(ids, 'b', 'd')).toEqual(['b', 'c', 'd']);
  expect(rangeOf(ids, 'd', 'b')).toEqual(['b', 'c', 'd']);
  expect(rangeOf(ids, 'a', 'a')).toEqual(['a']);
});

it('is the row alone when the last one is on another page', () => {
  expect(rangeOf(['a', 'b'], 'z', 'b')).toEqual(['b']);
});
