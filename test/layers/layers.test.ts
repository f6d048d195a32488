import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { violations } from './layers.ts';
import { rules } from './rules.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lienthong-layers-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function plant(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

const oneWay = 'imports of the server go one way';
const recorderDoor = '../recorder/recorder.ts';
/** An import that breaks a rule, in the file where it does. */
const planted: readonly (readonly [rule: string, file: string, text: string])[] = [
  [oneWay, 'server/contracts/a.ts', "import { b } from '../platform/b.ts';"],
  [oneWay, 'server/platform/a.ts', "import type { B } from '../storage/b.ts';"],
  [oneWay, 'server/storage/a.ts', "export { b } from '../access/b.ts';"],
  [oneWay, 'server/recorder/stream/a.ts', "import { b } from '../../storage/b.ts';"],
  [oneWay, 'server/recorder/a.ts', "import { b } from '../cameras/b.ts';"],
  [oneWay, 'server/cameras/onvif/a.ts', "import { b } from '../../recorder/b.ts';"],
  [oneWay, 'server/access/a.ts', "import { b } from '../supervision/b.ts';"],
  [oneWay, 'server/access/a.ts', "const b = await import('../cameras/b.ts');"],
  [oneWay, 'server/supervision/a.ts', "import { b } from '../access/b.ts';"],
  [oneWay, 'server/supervision/a.ts', "import type { B } from '../recorder/archive/b.ts';"],
  [oneWay, 'server/supervision/a.ts', `import { b } from '${recorderDoor}';`],
  [oneWay, 'server/supervision/a.ts', "let b: import('../cameras/b.ts').B;"],
  [oneWay, 'server/realtime/a.ts', "import { b } from '../http/b.ts';"],
  ['every folder of the server has its place among the layers', 'server/billing/a.ts', "import 'zod';"],
  ['no part imports the files that put the parts together', 'server/http/a.ts', "import { b } from '../compose.ts';"],
  ['contracts know zod and nothing else', 'server/contracts/a.ts', "import { readFile } from 'node:fs/promises';"],
  ['nothing but compose imports http', 'server/cli.ts', "import { b } from './http/b.ts';"],
  ['nothing but compose imports http', 'server/realtime/a.ts', "import type { B } from '../http/b.ts';"],
  ['the product does not import scripts or tests', 'server/http/a.ts', "import { b } from '../../test/support/b.ts';"],
  ['the product does not import scripts or tests', 'web/app/a.tsx', "import { b } from '../../scripts/b.ts';"],
  ['the server does not import the console', 'server/http/a.ts', "import { b } from '../../web/api/b.ts';"],
  [
    'the console knows the contracts of the server and nothing else of it',
    'web/api/a.ts',
    "import type { B } from '../../server/platform/b.ts';",
  ],
  [
    'features of the console do not import each other',
    'web/features/wall/a.tsx',
    "import { B } from '../playback/b.tsx';",
  ],
  ['only server/http/ imports express', 'server/realtime/a.ts', "import express from 'express';"],
  ['only server/realtime/ imports socket.io', 'server/http/a.ts', "import { Server } from 'socket.io';"],
  ['only server/cameras/onvif/ imports node-onvif', 'server/cameras/a.ts', "import onvif from 'node-onvif/lib/x.js';"],
  [
    'only server/recorder/stream/ffmpeg.ts imports fluent-ffmpeg',
    'server/recorder/stream/supervisor.ts',
    "import ffmpeg from 'fluent-ffmpeg';",
  ],
  [
    'only server/supervision/notifications/mail-sender.ts imports nodemailer',
    'server/supervision/notifications/outbox.ts',
    "import { createTransport } from 'nodemailer';",
  ],
  [
    'policies, argument builders and playlist writers are pure',
    'server/access/a-policy.ts',
    "import { readFile } from 'node:fs/promises';",
  ],
  [
    'policies, argument builders and playlist writers are pure',
    'server/recorder/live/live-playlist.ts',
    "import { systemClock } from '../../platform/clock.ts';",
  ],
];

describe('layer rules', () => {
  it('hold in this repository', () => {
    expect(violations(fileURLToPath(new URL('../..', import.meta.url)))).toEqual([]);
  });

  it.each(planted)('bite: %s (%s)', (rule, file, text) => {
    plant(file, `\n${text}\n`);
    expect(violations(root)).toContainEqual(expect.objectContaining({ rule, file, line: 2 }));
  });

  it('are each proven by a planted import', () => {
    expect(new Set(planted.map(([rule]) => rule))).toEqual(new Set(rules.map(({ name }) => name)));
  });

  it('let through what they allow', () => {
    plant('server/supervision/a.ts', `import type { B } from '${recorderDoor}';\nimport { c } from '../storage/c.ts';`);
    plant('server/http/a.ts', "import express from 'express';\nimport { d } from '../supervision/d.ts';");
    plant('server/compose.ts', "import { a } from './http/a.ts';");
    plant('server/contracts/a.ts', "import { z } from 'zod';");
    plant('web/features/wall/a.tsx', "import { z } from '../../../server/contracts/a.ts';\nimport './a.module.css';");
    plant('web/app/a.tsx', "const wall = () => import('../features/wall/a.tsx');");
    plant('server/access/a-policy.ts', "import type { Clock } from '../platform/clock.ts';\nimport 'node:path';");
    expect(violations(root)).toEqual([]);
  });

  it('leave tests free', () => {
    plant('server/platform/a.test.ts', "import { b } from '../http/b.ts';");
    expect(violations(root)).toEqual([]);
  });
});
