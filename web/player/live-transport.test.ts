import { afterEach, expect, it, vi } from 'vitest';
import { setSignedOutListener } from '../api/client.ts';
import { isRefusal } from './live-transport.ts';

afterEach(() => setSignedOutListener(() => {}));

it('only a 403 says that the person may not watch; a 401 is the end of the session, and is told', () => {
  const ended = vi.fn();
  setSignedOutListener(ended);
  expect([null, 404, 500, 503].map(isRefusal)).toEqual([false, false, false, false]);
  expect(isRefusal(403)).toBe(true);
  expect(ended).not.toHaveBeenCalled();
  expect(isRefusal(401)).toBe(false);
  expect(ended).toHaveBeenCalledOnce();
});
