import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigurationError, readConfigurationFile } from './configuration-file.ts';

const schema = z.strictObject({
  port: z.number().int().min(1).max(65535),
  cities: z.array(z.strictObject({ name: z.string() })).default([]),
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-configuration-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What reading `text` says, with the folder left out. */
function refusal(text: string): string {
  const path = join(folder, 'a.yaml');
  writeFileSync(path, text);
  try {
    readConfigurationFile(path, schema);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.replaceAll(`${folder}/`, '');
    throw error;
  }
  return 'accepted';
}

test('what fits the schema is returned, with defaults', () => {
  writeFileSync(join(folder, 'a.yaml'), 'port: 8443 # the console\n');
  expect(readConfigurationFile(join(folder, 'a.yaml'), schema)).toEqual({ port: 8443, cities: [] });
});

test.each([
  ['an unknown key', 'port: 1\nprot: 2\n', 'a.yaml:1: prot: unknown key; it is not one of this program'],
  [
    'an unknown key further in',
    'port: 1\ncities:\n  - name: x\n  - name: y\n    nmae: z\n',
    'a.yaml:4: cities[1].nmae: unknown key; it is not one of this program',
  ],
  ['a wrong type', 'port: "1"\n', 'a.yaml:1: port: expected number, received string'],
  ['a missing key', 'cities: []\n', 'a.yaml: port: expected number, but it is missing'],
  ['a value out of bounds', '\nport: 70000\n', 'a.yaml:2: port: Too big: expected number to be <=65535'],
  ['an empty file', '', 'a.yaml: expected object, received null'],
])('%s is told with file, line, path and what was expected', (_, text, message) => {
  expect(refusal(text)).toBe(message);
});

test('every problem is told, not only the first', () => {
  expect(refusal('port: x\ncities: 3\n').split('\n')).toEqual([
    'a.yaml:1: port: expected number, received string',
    'a.yaml:2: cities: expected array, received number',
  ]);
});

test('text that is no YAML, and a key that is given twice, are told with their line', () => {
  expect(refusal('port: 1\ncities: [\n')).toMatch(/^a\.yaml:\d+: readable YAML/);
  expect(refusal('port: 1\nport: 2\n')).toMatch(/^a\.yaml:2: readable YAML \(Map keys must be unique/);
});

test('a file that is missing, no file, too large, or unfolds without end is refused', () => {
  const path = join(folder, 'b.yaml');
  expect(() => readConfigurationFile(path, schema)).toThrow(`${path}: expected this file, but it is missing`);
  expect(() => readConfigurationFile(folder, schema)).toThrow(`${folder}: expected a file`);
  expect(refusal(`# ${'x'.repeat(1024 * 1024)}\nport: 1\n`)).toBe('a.yaml: expected at most 1048576 bytes');
  const bomb = [
    'a: &a [1,1,1,1,1,1,1,1,1,1]',
    ...[...'bcdef'].map((c, i) => `${c}: &${c} [${`*${'abcde'[i]},`.repeat(10)}]`),
  ];
  expect(refusal(bomb.join('\n'))).toBe('a.yaml: at most 100 aliases');
});

test('the error has a stable code, and names the place in its params', () => {
  writeFileSync(join(folder, 'a.yaml'), 'port: x\n');
  expect(() => readConfigurationFile(join(folder, 'a.yaml'), schema)).toThrow(
    expect.objectContaining({
      kind: 'invalid',
      code: 'configuration_invalid',
      params: { file: join(folder, 'a.yaml'), path: 'port', expected: 'expected number, received string' },
    }),
  );
});
