import { expect, it } from 'vitest';
import { recordingsToDelete } from './retention-policy.ts';

const nowMs = 1000;
const old = { endMs: 100, keepMs: 500 };
const atTheEdge = { endMs: 500, keepMs: 500 };
const young = { endMs: 501, keepMs: 500 };
const keptLonger = { endMs: 100, keepMs: 950 };

// What is asked of one recording of 100 bytes, by age, hold and pressure.
it.each([
  ['past its days', old, false, 0, 'age'],
  ['past its days to the ms', atTheEdge, false, 0, 'age'],
  ['within its days', young, false, 0, null],
  ['of a stream that is kept longer', keptLonger, false, 0, null],
  ['past its days, held', old, true, 0, null],
  ['within its days, room is needed', young, false, 1, 'room'],
  ['of a stream that is kept longer, room is needed', keptLonger, false, 1, 'room'],
  ['within its days, held, room is needed', young, true, 1e12, null],
  ['past its days, held, room is needed', old, true, 1e12, null],
  ['past its days, room is needed', old, false, 1, 'age'],
] as const)('a recording that is %s', (_case, recording, held, excessBytes, cause) => {
  const decided = recordingsToDelete([{ ...recording, bytes: 100, held }], { nowMs, excessBytes });
  expect(decided.map((decision) => decision.cause)).toEqual(cause === null ? [] : [cause]);
});

it('lets the oldest go until there is room, and what is too old counts towards it', () => {
  const recordings = [old, { ...young, held: true }, young, young, young].map((recording, name) => ({
    ...{ name, bytes: 100, held: false },
    ...recording,
  }));
  const decided = recordingsToDelete(recordings, { nowMs, excessBytes: 250 });
  expect(decided.map(({ recording, cause }) => [recording.name, cause])).toEqual([
    [0, 'age'],
    [2, 'room'],
    [3, 'room'],
  ]);
});
