import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { PtzCommand } from '../../../server/contracts/ptz.ts';
import { PtzDriver, velocityAt } from './ptz-driver.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const right = { pan: 1, tilt: 0, zoom: 0 };

function driver(answer: () => Promise<unknown> = async () => {}) {
  const sent: string[] = [];
  const failures: unknown[] = [];
  const send = (command: PtzCommand) => {
    sent.push(command.action);
    return answer();
  };
  return { sent, failures, driver: new PtzDriver(send, (error) => failures.push(error)) };
}

it('a held move is renewed well within the second after which the server stops it', async () => {
  const { sent, driver: it } = driver();
  it.move(right);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sent).toEqual(['move', 'move', 'move']);
  it.halt();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(sent).toEqual(['move', 'move', 'move', 'stop']);
});

it('a slow line gets one command at a time, and the stop as the next one', async () => {
  const answers: (() => void)[] = [];
  const { sent, driver: it } = driver(() => new Promise<void>((resolve) => answers.push(resolve)));
  it.move(right);
  it.move({ ...right, pan: 0.5 });
  it.halt();
  expect(sent).toEqual(['move']);
  answers[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual(['move', 'stop']);
});

it('after a refusal nothing is sent by itself', async () => {
  const { sent, failures, driver: it } = driver(() => Promise.reject(new Error('held')));
  it.move(right);
  await vi.advanceTimersByTimeAsync(5_000);
  expect([sent, failures.length]).toEqual([['move'], 1]);
});

it('leaving gives the camera back', async () => {
  const { sent, driver: it } = driver();
  it.move(right);
  await it.end();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(sent).toEqual(['move', 'release']);
});

it('the middle of the picture is still, the edge is full speed, up is up', () => {
  expect(velocityAt(0.05, -0.05)).toEqual({ pan: 0, tilt: 0, zoom: 0 });
  expect(velocityAt(1, -2)).toEqual({ pan: 1, tilt: 1, zoom: 0 });
});
