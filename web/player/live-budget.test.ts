import { expect, it } from 'vitest';
import { cameByHttp1, granted, LiveBudget, type LiveClaim } from './live-budget.ts';

const seen: LiveClaim = { visible: true, preferred: false };
const chosen: LiveClaim = { visible: true, preferred: true };
const unseen: LiveClaim = { visible: false, preferred: true };

it('gives the places to the chosen tile first, then to those in view in their order', () => {
  const claims = [
    ['a', seen],
    ['b', unseen],
    ['c', seen],
    ['d', chosen],
    ['e', seen],
  ] as const;
  expect([...granted(claims, 3)]).toEqual(['d', 'a', 'c']);
  expect([...granted(claims, 9)]).toEqual(['d', 'a', 'c', 'e']);
});

it('passes a place on when its owner goes out of view or leaves, and takes it for the chosen one', () => {
  const budget = new LiveBudget(2);
  const [a, b, c] = [{}, {}, {}];
  expect([budget.claim(a, seen), budget.claim(b, seen), budget.claim(c, seen)]).toEqual([true, true, false]);
  expect(budget.claim(c, chosen)).toBe(true);
  expect(budget.claim(b, seen)).toBe(false);
  expect(budget.claim(a, { visible: false, preferred: false })).toBe(false);
  expect(budget.claim(b, seen)).toBe(true);
  budget.leave(c);
  expect(budget.claim(a, seen)).toBe(true);
});

it('lets every visible tile play where there is no bound', () => {
  const budget = new LiveBudget(null);
  const all = Array.from({ length: 16 }, () => budget.claim({}, seen));
  expect(all.every(Boolean)).toBe(true);
  expect(budget.claim({}, unseen)).toBe(false);
});

it.each([
  [['http/1.1'], true],
  [['', 'http/1.1', 'h2'], true],
  [['h2', 'http/1.1'], false],
  [['h3'], false],
  [['', ''], false],
  [[], false],
])('takes the protocol from the first hop that says one: %j', (hops, http1) => {
  expect(cameByHttp1(hops)).toBe(http1);
});
