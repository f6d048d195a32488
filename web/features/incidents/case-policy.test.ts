import { expect, it } from 'vitest';
import { entryOf } from '../../../test/support/case-entries.ts';
import { changesSince, footageOf, neighbours, recordedMs } from './case-policy.ts';

it('tells what others did since the case was read', () => {
  const flag = entryOf(1, 'flag', null, 'flagged');
  const verify = entryOf(2, 'verify', 'flagged', 'verifying');
  const base = { version: 1, history: [flag] };
  expect(changesSince(base, { version: 2, history: [flag, verify] })).toEqual([verify]);
  expect(changesSince(base, { version: 1, history: [flag, verify] })).toEqual([]);
});

it('calls footage missing only once it can no longer come', () => {
  const footage = { recorded: [[0, 40]] as [number, number][], gaps: [], complete: false, pending: false };
  expect(footageOf({ ...footage, pending: true, recorded: [] })).toBe('pending');
  expect(footageOf({ ...footage, complete: true })).toBe('complete');
  expect(footageOf(footage)).toBe('partial');
  expect(footageOf({ ...footage, recorded: [] })).toBe('none');
  expect(
    recordedMs({
      ...footage,
      recorded: [
        [0, 40],
        [50, 65],
      ],
    }),
  ).toBe(55);
});

it('knows the cases beside one, and none when it is not in the list', () => {
  expect(neighbours(['a', 'b', 'c'], 'b')).toEqual({ previous: 'a', next: 'c' });
  expect(neighbours(['a', 'b'], 'a')).toEqual({ previous: null, next: 'b' });
  expect(neighbours(['a'], 'x')).toEqual({ previous: null, next: null });
});
