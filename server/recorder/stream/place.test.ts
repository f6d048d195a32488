import { expect, test } from 'vitest';
import type { Child } from '../../platform/child-process.ts';
import { systemClock } from '../../platform/clock.ts';
import type { RecorderSource } from '../recorder.ts';
import type { FailureCause } from './failure.ts';
import { placeOf } from './place.ts';
import { StartGate } from './start-gate.ts';
import { superviseStream } from './supervisor.ts';

const source: RecorderSource = { name: 'main', url: 'rtsp://camera.local:8554/main?a=1', username: 'u', password: 'p' };

test('a name gives way to the number that was found allowed, in brackets where it is IPv6', async () => {
  const at = async (address: string) => {
    const found = await placeOf(source, async () => ({ address }));
    return 'source' in found ? found.source.url : found.cause;
  };
  expect(await at('10.0.0.7')).toBe('rtsp://10.0.0.7:8554/main?a=1');
  expect(await at('fd00::7')).toBe('rtsp://[fd00::7]:8554/main?a=1');
  expect(await placeOf(source, async () => ({ cause: 'address_not_allowed' }))).toEqual({
    cause: 'address_not_allowed',
  });
});

test('a name that comes to lead where it may not is never connected to again', async () => {
  const answers: (FailureCause | null)[] = ['address_not_allowed', 'address_not_allowed'];
  const stop = new AbortController();
  const ends: FailureCause[] = [];
  let started = 0;
  await superviseStream(
    {
      prepare: async () => answers.shift() ?? null,
      start: (): Child => {
        started += 1;
        throw new Error('no process is wanted here');
      },
      unreachable: async () => 'address_not_allowed',
      listener: { init: () => {}, fragment: () => {} },
      ended: ({ cause }) => {
        ends.push(cause);
        stop.abort();
      },
      broken: () => stop.abort(),
    },
    new StartGate(1),
    systemClock,
    stop.signal,
  );
  expect([ends, started]).toEqual([['address_not_allowed'], 0]);
});
