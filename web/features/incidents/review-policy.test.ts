import { describe, expect, it } from 'vitest';
import { besideOf, nextOf, numbered, tally } from './review-policy.ts';

const ids = ['a', 'b', 'c', 'd'];

describe('after a decision', () => {
  it('comes the next case that is undecided', () => {
    expect(nextOf(ids, { b: 'verify', c: 'dismiss' }, 'b')).toBe('d');
  });
  it('then those that were passed over', () => {
    expect(nextOf(ids, { b: 'verify', d: 'verify' }, 'd')).toBe('a');
  });
  it('and nothing when all are decided', () => {
    expect(nextOf(ids, { a: 'verify', b: 'verify', c: 'verify', d: 'verify' }, 'c')).toBeNull();
    expect(nextOf(['a'], {}, 'a')).toBeNull();
  });
});

it('J and K go to the neighbours and stay at the ends', () => {
  expect(besideOf(ids, 'b', 1)).toBe('c');
  expect(besideOf(ids, 'a', -1)).toBe('a');
  expect(besideOf(ids, 'd', 1)).toBe('d');
});

it('decisions are counted by kind', () => {
  expect(tally({ a: 'verify', b: 'dismiss', c: 'verify' })).toEqual({ verify: 2, dismiss: 1, mark_duplicate: 0 });
});

it('a digit means its place in a list, any other key nothing', () => {
  expect(numbered(['x', 'y'], '2')).toBe('y');
  expect(numbered(['x', 'y'], '3')).toBeNull();
  expect(numbered(['x'], 'a')).toBeNull();
});
