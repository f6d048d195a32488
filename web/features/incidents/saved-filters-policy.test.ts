import { expect, it } from 'vitest';
import { isSameQuery } from './saved-filters-policy.ts';

it('a filter is the one that is shown when it asks the same, in whatever order it was written', () => {
  expect(isSameQuery({ unit: 'a', open: 'true' }, { open: 'true', unit: 'a', sort: 'newest' })).toBe(true);
  expect(isSameQuery({ unit: 'a' }, { unit: 'a', sort: 'due' })).toBe(false);
  expect(isSameQuery({ unit: 'a' }, { unit: 'a,b' })).toBe(false);
});
