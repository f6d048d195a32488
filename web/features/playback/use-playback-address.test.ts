import { expect, it } from 'vitest';
import { parseAddress, writeAddress } from './use-playback-address.ts';

const plain = { cameras: [] as string[], selected: 0, atMs: null, enlarged: false, spanMs: null };

it.each([
  [
    'cameras in their order, a track from 1, a moment',
    'cameras=a,b&track=2&at=1795520000000',
    { ...plain, cameras: ['a', 'b'], selected: 1, atMs: 1_795_520_000_000 },
  ],
  ['a camera stands once, nonsense is left out', 'cameras=a,a,../x,b', { ...plain, cameras: ['a', 'b'] }],
  ['a track that is not there is the first', 'cameras=a&track=7&at=soon', { ...plain, cameras: ['a'] }],
  [
    'one of several enlarged, and half an hour of the timeline',
    'cameras=a,b&full=1&span=30',
    { ...plain, cameras: ['a', 'b'], enlarged: true, spanMs: 1_800_000 },
  ],
  ['a month of the timeline is more than it shows', 'cameras=a&span=43200&full=1', { ...plain, cameras: ['a'] }],
  ['nothing', '', plain],
])('the address holds %s', (_rule, query, expected) => {
  expect(parseAddress(new URLSearchParams(query))).toEqual(expected);
  expect(parseAddress(writeAddress(expected))).toEqual(expected);
});
