import { expect, it } from 'vitest';
import { parseAddress } from './use-playback-address.ts';

it.each([
  [
    'cameras, track and moment',
    'cameras=a,b&track=2&at=1795520000000',
    { cameras: ['a', 'b'], selected: 1, atMs: 1_795_520_000_000 },
  ],
  [
    'a camera stands once, nonsense is left out',
    'cameras=a,a,../x,b',
    { cameras: ['a', 'b'], selected: 0, atMs: null },
  ],
  ['a track that is not there is the first', 'cameras=a&track=7&at=soon', { cameras: ['a'], selected: 0, atMs: null }],
  ['nothing', '', { cameras: [], selected: 0, atMs: null }],
])('the address holds %s', (_rule, query, expected) => {
  expect(parseAddress(new URLSearchParams(query))).toEqual(expected);
});
