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

test('what the router and the file server refuse is the caller’s doing and no failure of the server', () => {
  const thrown = (status: number, type?: string) => Object.assign(new Error('x'), { status }, type ? { type } : {});
  const told = (error: unknown) => {
    const { status, body, unexpected } = toErrorResponse(error, 'en');
    return [status, body.error.code, unexpected];
  };
  expect(told(thrown(400, 'entity.parse.failed'))).toEqual([400, 'body_unreadable', false]);
  expect(told(thrown(400))).toEqual([400, 'request_invalid', false]);
  expect(told(thrown(403))).toEqual([404, 'not_found', false]);
  expect(told(thrown(412))).toEqual([404, 'not_found', false]);
  expect(told(thrown(415))).toEqual([415, 'body_type_unsupported', false]);
  expect(told(thrown(416))).toEqual([416, 'range_not_satisfiable', false]);
  expect(told(thrown(500))).toEqual([500, 'internal', true]);
});

test('a range that lies outside tells the size', () => {
  const error = new AppError('unsatisfiable', 'range_not_satisfiable', { params: { totalBytes: 7 } });
  expect(toErrorResponse(error, 'en')).toMatchObject({ status: 416, headers: { 'content-range': 'bytes */7' } });
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
    'database_credentials_refused',
    'database_encoding_unsupported',
    'database_newer',
    'database_password_unreadable',
    'database_unknown',
    'database_unopenable',
    'database_unreachable',
    'database_version_unsupported',
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
