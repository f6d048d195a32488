import { expect, test } from 'vitest';
import { silentLogger } from './log.ts';
import { StopOrder } from './stop-order.ts';

/** Long enough that no machine is so slow: a test that waits for it fails. */
const never = 600_000;

function parts(patienceMs: number) {
  const stopped: string[] = [];
  const order = new StopOrder(silentLogger, patienceMs);
  return { stopped, order, end: (name: string) => () => void stopped.push(name) };
}

test('what was started last ends first, each after the one before, also after one that fails', async () => {
  const { order, stopped, end } = parts(never);
  order.push(end('database'));
  order.pushUrgent(end('recorder'));
  order.push(() => Promise.reject(new Error('no')), end('sessions'));
  await order.stop();
  await order.stop();
  expect(stopped).toEqual(['sessions', 'recorder', 'database']);
});

test('what is urgent does not wait for a part that hangs, is ended once, and what it needs outlives it', async () => {
  const { order, stopped, end } = parts(1);
  const answer = Promise.withResolvers<void>();
  order.push(end('database'));
  const recorded = new Promise<void>((resolve) => {
    order.pushUrgent(async () => {
      stopped.push('recorder');
      resolve();
    });
  });
  order.push(() => answer.promise);
  const stopping = order.stop();
  await recorded;
  expect(stopped).toEqual(['recorder']);
  answer.resolve();
  await stopping;
  expect(stopped).toEqual(['recorder', 'database']);
});
