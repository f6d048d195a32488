import { describe, expect, it } from 'vitest';
import {
  type LiveFacts,
  type LiveState,
  type LiveVerdict,
  liveVerdict,
  retryDelayMs,
  shouldRestart,
} from './live-state-policy.ts';

const playing: LiveFacts = {
  wanted: true,
  crowdedOut: false,
  busy: false,
  source: { camera: 'online', stream: 'recording', sinceMs: 0 },
  pictured: true,
  sinceFrameMs: 40,
  sinceStartMs: 60_000,
  failures: 0,
  waiting: false,
  refused: false,
  lagMs: 600,
};
const starting: LiveFacts = { ...playing, pictured: false, sinceFrameMs: null, sinceStartMs: 200, lagMs: null };
const source = (camera: LiveFacts['source']['camera'], stream: LiveFacts['source']['stream'] = 'recording') => ({
  source: { camera, stream, sinceMs: 0 },
});

const table: [rule: string, previous: LiveState, facts: LiveFacts, verdict: LiveVerdict][] = [
  ['frames that come in time are live', 'connecting', playing, { state: 'live', reason: 'none' }],
  ['before the first frame it connects', 'still', starting, { state: 'connecting', reason: 'waiting_for_picture' }],
  [
    'a first frame that does not come is said',
    'connecting',
    { ...starting, sinceStartMs: 6_001 },
    { state: 'stalled', reason: 'no_picture' },
  ],
  [
    'a frozen picture never passes for live',
    'live',
    { ...playing, sinceFrameMs: 2_001 },
    { state: 'stalled', reason: 'no_new_frame' },
  ],
  [
    'a camera that sends no frames is named as the cause',
    'live',
    { ...playing, ...source('online', 'stalled'), sinceFrameMs: 2_001 },
    { state: 'stalled', reason: 'camera_no_frames' },
  ],
  ['more than 3 s late is behind', 'live', { ...playing, lagMs: 3_001 }, { state: 'behind', reason: 'catching_up' }],
  ['2.5 s late is still live', 'live', { ...playing, lagMs: 2_500 }, { state: 'live', reason: 'none' }],
  [
    'once behind, 2.5 s late is still behind',
    'behind',
    { ...playing, lagMs: 2_500 },
    { state: 'behind', reason: 'catching_up' },
  ],
  ['a tile off screen is a still', 'live', { ...playing, wanted: false }, { state: 'still', reason: 'hidden' }],
  [
    'an offline camera is offline, frames or not',
    'live',
    { ...playing, ...source('offline') },
    { state: 'offline', reason: 'camera_offline' },
  ],
  [
    'an offline camera is offline off screen as well',
    'still',
    { ...starting, ...source('offline'), wanted: false },
    { state: 'offline', reason: 'camera_offline' },
  ],
  [
    'a stream that is offline is offline though its sister runs',
    'live',
    { ...starting, ...source('online', 'offline') },
    { state: 'offline', reason: 'camera_offline' },
  ],
  [
    'refused credentials are named',
    'live',
    { ...starting, ...source('auth_failed') },
    { state: 'offline', reason: 'camera_auth_failed' },
  ],
  [
    'a first failure is retried quietly',
    'connecting',
    { ...starting, failures: 1, waiting: true },
    { state: 'connecting', reason: 'retrying' },
  ],
  [
    'three failures in a row say that the stream cannot be had',
    'connecting',
    { ...starting, failures: 3, waiting: true },
    { state: 'offline', reason: 'unreachable' },
  ],
  [
    'it stays so while the next attempt runs, until a frame comes',
    'offline',
    { ...starting, failures: 3 },
    { state: 'offline', reason: 'unreachable' },
  ],
  ['a frame ends it', 'offline', { ...playing, failures: 0 }, { state: 'live', reason: 'none' }],
  [
    'a right that was taken away is not waited for',
    'live',
    { ...playing, refused: true },
    { state: 'offline', reason: 'no_right' },
  ],
];

describe('state of a live tile', () => {
  it.each(table)('%s', (_rule, previous, facts, verdict) => {
    expect(liveVerdict(previous, facts)).toEqual(verdict);
  });

  it('starts anew when the picture has stood still for 5 s', () => {
    expect(shouldRestart({ ...playing, sinceFrameMs: 5_001 })).toBe(true);
    expect(shouldRestart({ ...playing, sinceFrameMs: 4_000 })).toBe(false);
  });

  it('does not hammer a camera that is known to be offline, nor fetch what nobody sees', () => {
    expect(shouldRestart({ ...playing, sinceFrameMs: 60_000, ...source('offline') })).toBe(false);
    expect(shouldRestart({ ...playing, sinceFrameMs: 60_000, wanted: false })).toBe(false);
    expect(shouldRestart({ ...playing, sinceFrameMs: 60_000, waiting: true })).toBe(false);
  });

  it('waits half a second, then twice as long each time, up to 15 s', () => {
    expect([1, 2, 3, 4, 5, 6, 20].map((n) => retryDelayMs(n, 0.5))).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000,
    ]);
    expect(retryDelayMs(1, 0)).toBe(400);
  });
});
