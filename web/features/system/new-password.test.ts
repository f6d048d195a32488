import { describe, expect, it } from 'vitest';
import { newPassword as contract } from '../../../server/contracts/session.ts';
import { newPassword } from './new-password.ts';

describe('a password to hand out', () => {
  it('is long enough for the contract and free of letters that look alike', () => {
    const password = newPassword((bytes) => crypto.getRandomValues(bytes));
    expect(password).toMatch(/^[a-zA-Z2-9]{4}(-[a-zA-Z2-9]{4}){3}$/);
    expect(password).not.toMatch(/[0Oo1Il]/);
    expect(contract.safeParse(password).success).toBe(true);
  });

  it('skips the bytes that would favour some letters', () => {
    let call = 0;
    const password = newPassword((bytes) => bytes.fill(call++ === 0 ? 255 : 1));
    expect(password).toBe('bbbb-bbbb-bbbb-bbbb');
  });

  it('differs each time', () => {
    const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes);
    expect(newPassword(random)).not.toBe(newPassword(random));
  });
});
