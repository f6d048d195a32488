import { expect, test } from 'vitest';
import type { SessionEvents } from '../access/sessions.ts';
import type { Exchange } from './exchange.ts';
import { mostAnswers, SessionAnswers } from './session-answers.ts';

function exchange(begun = false) {
  let close = () => {};
  let isCut = false;
  const made = {
    begun,
    onClose: (listener: () => void) => {
      close = listener;
    },
    cut: () => {
      isCut = true;
      close();
    },
  } as unknown as Exchange;
  return { made, close: () => close(), isCut: () => isCut };
}

function answers() {
  let end: (payload: SessionEvents['ended']) => void = () => {};
  const on = (_name: string, listener: typeof end) => {
    end = listener;
    return () => {};
  };
  const open = new SessionAnswers({ on: on as never });
  return { open, end: (sessionId: string) => end({ sessionId, userId: 'u', reason: 'signed_out' }) };
}

test('a session may have so many requests open and no more; another session is not its concern', () => {
  const { open } = answers();
  const first = exchange();
  open.add('a', first.made);
  for (let i = 1; i < mostAnswers; i += 1) open.add('a', exchange().made);
  expect(() => open.add('a', exchange().made)).toThrow(
    expect.objectContaining({ kind: 'too_many', code: 'media_busy' }),
  );
  open.add('b', exchange().made);
  first.close();
  open.add('a', exchange().made);
});

test('what is being sent ends with its session; who waits is answered by the guard', () => {
  const { open, end } = answers();
  const [sending, waiting, other] = [exchange(true), exchange(), exchange(true)];
  open.add('a', sending.made);
  open.add('a', waiting.made);
  open.add('b', other.made);
  end('a');
  expect([sending.isCut(), waiting.isCut(), other.isCut()]).toEqual([true, false, false]);
});
