import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { temporaryDatabase } from '../../test/support/database.ts';
import { until } from '../../test/support/until.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { silentLogger } from '../platform/log.ts';
import { CameraEventStore } from '../storage/camera-event.store.ts';
import type { Database } from '../storage/database.ts';
import { allowanceAt, eventRate, newsOf } from './event-policy.ts';
import { CameraEventWatch, type CameraEventWatchOptions, type Listen } from './events.ts';
import type { DeviceEvent } from './onvif/events.ts';

const event = (topic: string, data: Record<string, string> = {}, over: Partial<DeviceEvent> = {}): DeviceEvent => ({
  ...{ topic, atMs: null, operation: 'Changed', source: { VideoSourceToken: 'src' }, data },
  ...over,
});
const motion = (state: string, over: Partial<DeviceEvent> = {}) =>
  event('VideoSource/MotionAlarm', { State: state }, over);

describe('what a device tells means', () => {
  test.each([
    ['VideoSource/MotionAlarm', { State: 'true' }, 'motion', true],
    ['RuleEngine/CellMotionDetector/Motion', { IsMotion: '0' }, 'motion', false],
    ['RuleEngine/TamperDetector/Tamper', { IsTamper: 'true' }, 'tamper', true],
    ['VideoSource/GlobalSceneChange/ImagingService', { State: 'false' }, 'tamper', false],
    ['VideoSource/ImageTooDark/AnalyticsService', { State: 'true' }, 'tamper', true],
    ['Device/Trigger/DigitalInput', { LogicalState: 'active' }, 'digital_input', true],
    ['VideoSource/SignalLoss', { State: 'true' }, 'signal_loss', true],
    ['Device/HardwareFailure/StorageFailure', { Failed: 'true' }, 'storage_failure', true],
    ['RuleEngine/LineDetector/Crossed', { ObjectId: '17' }, undefined, undefined],
    ['UserAlarm/Motion', { Region: '3' }, 'motion', null],
  ] as const)('%s %j: %s, %s', (topic, data, kind, active) => {
    const news = newsOf(event(topic, data));
    expect([news?.kind, news?.active]).toEqual([kind, active]);
  });

  test('its source in its own words, bounded; a property that is deleted is over', () => {
    const source = { VideoSourceToken: 'src', Rule: 'src', Input: 'x'.repeat(200) };
    expect(newsOf(motion('true', { source }))?.source).toBe(`src ${'x'.repeat(116)}`);
    expect(newsOf(motion('true', { operation: 'Deleted' }))?.active).toBe(false);
  });

  test('new events are allowed so many at once, and one more by and by', () => {
    expect(allowanceAt({ left: 0, atMs: 1_000 }, 1_000 + 2 * eventRate.oneMoreMs + 1)).toEqual({
      left: 2,
      atMs: 1_000 + 2 * eventRate.oneMoreMs,
    });
    expect(allowanceAt({ left: 59, atMs: 0 }, 10_000_000)).toEqual({ left: eventRate.most, atMs: 10_000_000 });
    expect(allowanceAt({ left: 5, atMs: 10_000 }, 0)).toEqual({ left: 5, atMs: 10_000 });
  });
});

describe('of a camera that is listened to', () => {
  let database: Database;
  let watch: CameraEventWatch;
  let nowMs: number;
  let tell: Parameters<Listen>[2];
  let attempts: number;
  let isWanted: boolean;
  const clock: Clock = { nowMs: () => nowMs, monotonicMs: () => performance.now() };

  beforeEach(async () => {
    database = await temporaryDatabase();
    [nowMs, attempts, isWanted] = [1_000_000, 0, true];
    watch = open();
  });
  afterEach(async () => {
    await watch.stop();
    await database.close();
  });

  const open = (over: Partial<CameraEventWatchOptions> = {}) =>
    new CameraEventWatch({
      ...{ store: new CameraEventStore(database.kysely), clock, log: silentLogger, wanted: () => isWanted },
      cameras: () => [{ id: 'cam' }],
      listen: async (_id, stop, given) => {
        attempts += 1;
        tell = given;
        given.state('subscribed', null);
        await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
        return 'ended';
      },
      ...over,
    });
  const begin = async (over?: Partial<CameraEventWatchOptions>) => {
    if (over) watch = open(over);
    await watch.start();
    await until(() => attempts > 0 || watch.listening('cam').state !== 'waiting');
  };
  const kept = async () => {
    return (await watch.page('cam', { limit: 100 })).items.map(({ kind, fromMs, toMs }) => [kind, fromMs, toMs]);
  };
  const keptIs = (expected: unknown[]) =>
    until(async () => {
      expect(await kept()).toEqual(expected);
      return true;
    }, 5_000);

  test('a state is one event from its begin to its end, by our clock; the same again is nothing new', async () => {
    await begin();
    tell.event(motion('true', { atMs: 1 }));
    nowMs += 5_000;
    tell.event(motion('true', { atMs: 4_102_444_800_000 }));
    await keptIs([['motion', 1_000_000, null]]);
    nowMs += 5_000;
    tell.event(motion('false'));
    tell.event(motion('false'));
    tell.event(event('UserAlarm/Tamper'));
    await keptIs([
      ['tamper', 1_010_000, 1_010_000],
      ['motion', 1_000_000, 1_010_000],
    ]);
    expect(await watch.between('cam', 1_005_000, 1_006_000)).toMatchObject([{ kind: 'motion', source: 'src' }]);
    expect(await watch.between('cam', 0, 1_000_000)).toEqual([]);
    expect(await watch.between('other', 0, 2_000_000)).toEqual([]);
  });

  test('motion that flickers is one event; what stood already is told as begun, what was off before is nothing', async () => {
    await begin();
    tell.event(motion('false', { operation: 'Initialized' }));
    tell.event(event('VideoSource/SignalLoss', { State: 'true' }, { operation: 'Initialized' }));
    nowMs += 1;
    for (const step of [0, 500, 500]) {
      nowMs += step;
      tell.event(motion('true'));
      nowMs += 500;
      tell.event(motion('false'));
    }
    await keptIs([
      ['motion', 1_000_001, 1_002_501],
      ['signal_loss', 1_000_000, null],
    ]);
  });

  test('a camera that tells too much is kept within bounds, and what was dropped is counted', async () => {
    await begin();
    for (let n = 0; n < 500; n += 1) tell.event(motion('true', { source: { Rule: `r${n}` } }));
    await until(async () => (await kept()).length === eventRate.most);
    expect(watch.listening('cam')).toMatchObject({ state: 'listening', dropped: 500 - eventRate.most });
  });

  test('what goes on ends when it is no longer listened to, and after a crash where it began', async () => {
    await begin();
    tell.event(motion('true'));
    nowMs += 3_000;
    tell.state('lost', 'timeout');
    expect(watch.listening('cam')).toMatchObject({ state: 'lost', cause: 'timeout', sinceMs: 1_003_000 });
    await keptIs([['motion', 1_000_000, 1_003_000]]);
    await database.kysely.updateTable('camera_events').set({ to_ms: null }).execute();
    await watch.stop();
    watch = open();
    await watch.start();
    await keptIs([['motion', 1_000_000, 1_000_000]]);
  });

  test('it is listened to only while that is wanted; one without events is left alone', async () => {
    await begin();
    isWanted = false;
    watch.follow('cam');
    expect(watch.listening('cam').state).toBe('off');
    isWanted = true;
    await watch.stop();
    attempts = 0;
    await begin({
      listen: async () => {
        attempts += 1;
        return 'unsupported';
      },
    });
    await until(() => watch.listening('cam').state === 'unsupported');
    expect(attempts).toBe(1);
  });

  test('one that fails is tried again, one that refuses the credentials not for a long while', async () => {
    const failing = async () => {
      attempts += 1;
      throw new AppError('unavailable', attempts < 3 ? 'unreachable' : 'bad_credentials');
    };
    await begin({ listen: failing, againMs: 5 });
    await until(() => watch.listening('cam').cause === 'bad_credentials');
    await new Promise((resolve) => setImmediate(resolve));
    expect(attempts).toBe(3);
  });

  test('events are kept for thirty days, and listed page by page, also by kind', async () => {
    await begin();
    for (const topic of ['UserAlarm/Motion', 'UserAlarm/Tamper', 'UserAlarm/Motion']) {
      tell.event(event(topic));
      nowMs += 10_000;
    }
    await until(async () => (await kept()).length === 3);
    const first = await watch.page('cam', { limit: 2 });
    expect(first.items.map(({ fromMs }) => fromMs)).toEqual([1_020_000, 1_010_000]);
    const rest = await watch.page('cam', { limit: 2, cursor: first.next ?? '' });
    expect([rest.items.map(({ fromMs }) => fromMs), rest.next]).toEqual([[1_000_000], null]);
    expect((await watch.page('cam', { limit: 9, kind: 'tamper' })).items).toHaveLength(1);
    await expect(watch.page('cam', { limit: 2, cursor: 'x' })).rejects.toMatchObject({ code: 'cursor_invalid' });
    nowMs = 1_010_000 + 30 * 86_400_000 + 1;
    await watch.clean();
    expect((await kept()).map(([, fromMs]) => fromMs)).toEqual([1_020_000]);
  });
});
