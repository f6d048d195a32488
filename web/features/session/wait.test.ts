import { expect, it } from 'vitest';
import { waitParts } from './wait.ts';

it.each([
  [1, { unit: 'seconds', count: 1 }],
  [59_000, { unit: 'seconds', count: 59 }],
  [59_001, { unit: 'minutes', count: 1 }],
  [95_000, { unit: 'minutes', count: 2 }],
  [-5, { unit: 'seconds', count: 1 }],
])('a wait of %d ms is never told shorter than it is', (ms, parts) => {
  expect(waitParts(ms)).toEqual(parts);
});
