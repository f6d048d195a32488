import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AppError } from '../platform/errors.ts';
import { toErrorResponse } from './error-response.ts';
import { languageOf, messages } from './messages.ts';

test('an expected refusal tells its code, its words in the language of the caller, and what to mend', () => {
  const error = new AppError('conflict', 'camera_exists', {
    params: { name: 'Quầy số 1' },
    fields: { onvif: 'taken' },
  });
  expect(toErrorResponse(error, 'en')).toEqual({
    status: 409,
    headers: {},
    body: {
      error: {
        code: 'camera_exists',
        message: 'This camera is already registered: Quầy số 1.',
        fields: { onvif: 'taken' },
      },
    },
    unexpected: false,
  });
});

test('what was not expected says nothing about itself', () => {
  const answer = toErrorResponse(new Error('password is hunter2'), 'en');
  expect(answer.status).toBe(500);
  expect(answer.unexpected).toBe(true);
  expect(JSON.stringify(answer.body)).not.toContain('hunter2');
});

test('how long to wait is told in the header too', () => {
  const error = new AppError('too_many', 'too_many_attempts', { params: { retryAfterSeconds: 30 } });
  expect(toErrorResponse(error, 'vi')).toMatchObject({ status: 429, headers: { 'retry-after': '30' } });
});

test('the language is Vietnamese unless English comes first', () => {
  expect(languageOf(undefined)).toBe('vi');
  expect(languageOf('en-US,vi;q=0.5')).toBe('en');
  expect(languageOf('vi,en')).toBe('vi');
  expect(languageOf('fr, en')).toBe('en');
});

test('every code that the server refuses a caller with has words', () => {
  // Told to whoever starts the server, never to a caller.
  const startOnly = [
    'configuration_invalid',
    'database_newer',
    'database_unopenable',
    'migration_failed',
    'port_in_use',
    'address_unusable',
  ];
  const startPrefixes = ['credential_key_', 'recorder_', 'archive_', 'route_'];
  const used = new Set<string>();
  for (const file of globSync('server/**/*.ts', { exclude: ['**/*.test.ts'] })) {
    for (const match of readFileSync(file, 'utf8').matchAll(/new AppError\(\s*'\w+',\s*'(\w+)'/g))
      used.add(match[1] ?? '');
  }
  expect(used.size).toBeGreaterThan(20);
  const wordless = [...used].filter(
    (code) =>
      !(code in messages) && !startOnly.includes(code) && !startPrefixes.some((prefix) => code.startsWith(prefix)),
  );
  expect(wordless).toEqual([]);
});
