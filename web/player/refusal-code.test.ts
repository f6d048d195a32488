import { expect, it } from 'vitest';
import { refusalCode } from './refusal-code.ts';

it('reads the code of the server, and nothing from what a proxy wrote', () => {
  expect(refusalCode('{"error":{"code":"transcodes_busy","message":"…"}}')).toBe('transcodes_busy');
  expect(refusalCode('<html><h1>502 Bad Gateway</h1></html>')).toBeNull();
  expect(refusalCode('{"error":"down"}')).toBeNull();
  expect(refusalCode('')).toBeNull();
});
