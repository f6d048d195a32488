import { expect, test } from 'vitest';
import type { StreamState } from '../../contracts/cameras.ts';
import { type HealthFacts, judgeHealth } from './health-policy.ts';

const stream = (name: 'main' | 'sub', state: StreamState, cause: string | null = null, sinceMs = 1000) => ({
  name,
  state,
  cause,
  sinceMs,
});
const recording = [stream('main', 'recording'), stream('sub', 'recording')];
const both = (state: StreamState, cause: string | null = null) => [
  stream('main', state, cause),
  stream('sub', state, cause),
];

/** Reachable, authenticated, streaming, picture, clock: `+` good, `?` unknown, `off`, `<part` blocked by that part, else the cause of the trouble. */
function told(facts: Partial<HealthFacts>): string {
  const base: HealthFacts = { enabled: true, streams: recording, sign: 'good', hasClock: true, skewMs: 400 };
  return judgeHealth({ ...base, ...facts })
    .map(({ state, cause }) => {
      if (state === 'trouble') return cause;
      if (state === 'blocked') return `<${cause}`;
      return { good: '+', unknown: '?', off: 'off' }[state];
    })
    .join(' ');
}

test.each<[string, Partial<HealthFacts>, string]>([
  ['all is well', {}, '+ + + + +'],
  ['switched off', { enabled: false }, 'off off off off off'],
  ['outside its hours', { streams: both('stopped', 'schedule') }, 'off off off off off'],
  [
    'only the sub stream has hours',
    { streams: [stream('main', 'recording'), stream('sub', 'stopped', 'schedule')] },
    '+ + + + +',
  ],
  ['just added', { streams: both('connecting'), sign: null, skewMs: undefined }, '? ? ? ? ?'],
  [
    'refused',
    { streams: both('offline', 'connection_refused'), sign: null },
    'connection_refused <reachable <reachable <reachable +',
  ],
  [
    'silent, its clock not asked',
    { streams: both('offline', 'timeout'), sign: null, skewMs: undefined },
    'timeout <reachable <reachable <reachable <reachable',
  ],
  [
    'no such name',
    { streams: both('offline', 'name_unknown'), sign: null, skewMs: null },
    'name_unknown <reachable <reachable <reachable <reachable',
  ],
  [
    'a wrong password',
    { streams: both('auth_failed', 'bad_credentials'), sign: null },
    '+ bad_credentials <authenticated <authenticated +',
  ],
  ['no such path', { streams: both('offline', 'not_found'), sign: null }, '+ ? not_found <streaming +'],
  ['too many watch it', { streams: both('offline', 'camera_busy'), sign: null }, '+ ? camera_busy <streaming +'],
  ['connected without frames', { streams: both('stalled', 'no_frames'), sign: null }, '+ ? no_frames <streaming +'],
  [
    'one stream stalls',
    { streams: [stream('main', 'stalled', 'no_frames'), stream('sub', 'recording')] },
    '+ + no_frames + +',
  ],
  [
    'one stream refused',
    { streams: [stream('main', 'offline', 'connection_refused'), stream('sub', 'recording')] },
    '+ + connection_refused + +',
  ],
  [
    'one stream without the right',
    { streams: [stream('main', 'auth_failed', 'bad_credentials'), stream('sub', 'recording')] },
    '+ bad_credentials <authenticated + +',
  ],
  ['the disk is full', { streams: both('disk_failed', 'disk_full') }, '+ + disk_full + +'],
  [
    'no ffmpeg on the server',
    { streams: both('offline', 'ffmpeg_missing'), sign: null },
    '? ? ffmpeg_missing <streaming +',
  ],
  ['a dark picture', { sign: 'dark' }, '+ + + dark +'],
  ['covered', { sign: 'covered' }, '+ + + covered +'],
  ['turned', { sign: 'moved' }, '+ + + moved +'],
  ['out of focus', { sign: 'out_of_focus' }, '+ + + out_of_focus +'],
  ['frozen', { streams: [{ ...stream('main', 'recording', 'picture_frozen'), frozenSinceMs: 700 }] }, '+ + + frozen +'],
  ['not judged yet', { sign: null }, '+ + + ? +'],
  ['a clock ahead', { skewMs: 31_000 }, '+ + + + clock_wrong'],
  ['a clock behind', { skewMs: -3_600_000 }, '+ + + + clock_wrong'],
  ['a clock a little off', { skewMs: 30_000 }, '+ + + + +'],
  ['a clock that does not answer', { skewMs: null }, '+ + + + ?'],
  ['no clock to ask', { hasClock: false, skewMs: undefined }, '+ + + + ?'],
])('%s', (_, facts, parts) => {
  expect(told(facts)).toBe(parts);
});

test('trouble is told since the recorder knows of it, and what hangs on it since then too', () => {
  const [reachable, , streaming] = judgeHealth({
    ...{ enabled: true, sign: null, hasClock: false, skewMs: undefined },
    streams: [stream('main', 'offline', 'timeout', 5000)],
  });
  expect([reachable?.sinceMs, streaming?.sinceMs]).toEqual([5000, 5000]);
  const frozen = judgeHealth({
    ...{ enabled: true, sign: 'good', hasClock: true, skewMs: 90_000 },
    streams: [
      { ...stream('main', 'recording'), frozenSinceMs: 700 },
      { ...stream('sub', 'recording'), frozenSinceMs: 600 },
    ],
  });
  expect(frozen[3]).toMatchObject({ cause: 'frozen', sinceMs: 600 });
  expect(frozen[4]).toMatchObject({ cause: 'clock_wrong', detail: 90_000 });
});
