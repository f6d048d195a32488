import { expect, it } from 'vitest';
import { spanParts } from './span-text.ts';

const written = (ms: number) => spanParts(ms).map(({ unit, count }) => `${count} ${unit}`);

it.each([
  [0, ['0 second']],
  [1, ['1 second']],
  [59_999, ['59 second']],
  [60_000, ['1 minute']],
  [3_600_000, ['1 hour']],
  [80 * 60_000, ['1 hour', '20 minute']],
  [86_399_999, ['23 hour', '59 minute']],
  [86_400_000, ['1 day']],
  [100 * 3_600_000, ['4 day', '4 hour']],
])('%i ms are told in at most two units', (ms, words) => {
  expect(written(ms)).toEqual(words);
});
