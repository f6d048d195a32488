import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connect2 } from 'node:http2';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
const city = fileURLToPath(new URL('../../config/demo', import.meta.url));

let folder: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-start-'));
});

afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  status: number | null;
  stderr: string;
}

/** Starts the program over a configuration; `listening` resolves with its address, `ended` with its exit. */
function start(configuration: string, args: readonly string[] = []) {
  writeFileSync(join(folder, 'config.yaml'), configuration);
  const env = {
    ...process.env,
    LIENTHONG_CONFIG: join(folder, 'config.yaml'),
    LIENTHONG_DATA_DIR: join(folder, 'data'),
  };
  const started = spawn(process.execPath, [...args, program], { env: { ...env, LIENTHONG_PORT: '0' } });
  child = started;
  let stderr = '';
  started.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => started.once('close', (status) => resolve({ status, stderr })));
  const listening = new Promise<URL>((resolve, reject) => {
    started.stdout.setEncoding('utf8').on('data', (text: string) => {
      const address = /^listening (\S+)/m.exec(text)?.[1];
      if (address !== undefined) resolve(new URL(address));
    });
    ended.then(({ stderr: said }) => reject(new Error(said)));
  });
  listening.catch(() => {});
  return { process: started, listening, ended };
}

const quiet = `log: silent\ncity: ${city}\nserver: { host: 127.0.0.1 }`;

test('what is wrong with the configuration is told with file, place and what was expected, and nothing is started', async () => {
  const file = join(folder, 'config.yaml');
  writeFileSync(join(folder, 'text'), 'x');
  const cases: [string, string][] = [
    ['serverr: {}', `${file}:1: serverr: unknown key; it is not one of this program`],
    ['server: { port: x }', `${file}:1: server.port: expected number, received string`],
    ['city: /nowhere', '/nowhere/city.yaml: expected this file, but it is missing'],
    [
      `city: ${city}\nserver: { certificate: none.pem, key: text }\nlog: silent`,
      `${join(folder, 'none.pem')}: server.certificate: expected this file, but it is missing`,
    ],
    [
      `city: ${city}\narchive: { folder: text }\nlog: silent`,
      `${join(folder, 'text')}: archive.folder: expected a folder that the server may write to`,
    ],
  ];
  for (const [configuration, message] of cases) {
    expect(await start(configuration).ended, configuration).toEqual({ status: 2, stderr: `${message}\n` });
  }
});

test('an older Node is refused in plain words before anything that it cannot load', async () => {
  const preload = join(folder, 'older.mjs');
  writeFileSync(
    preload,
    `import { registerHooks } from 'node:module';
     Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '24.1.0' } });
     registerHooks({ resolve(name, context, next) {
       if (name.startsWith('./')) throw new SyntaxError('an older Node fails here');
       return next(name, context);
     } });`,
  );
  const { status, stderr } = await start(quiet, ['--import', preload]).ended;
  expect([status, stderr]).toEqual([2, expect.stringMatching(/^Liên Thông needs Node 26 or newer; this is v.+\n$/)]);
});

test('SIGTERM ends it within 5 s, whatever clients hold open', async () => {
  const { process: server, listening, ended } = start(quiet);
  const { port, href } = await listening;
  // A connection that never begins TLS, an HTTP/2 session, and a request whose body never ends.
  const silent = connect(Number(port), '127.0.0.1');
  silent.on('error', () => {});
  const client = connect2(href, { ca: readFileSync(join(folder, 'data', 'tls', 'cert.pem')) });
  client.on('error', () => {});
  const stream = client.request({ ':method': 'POST', ':path': '/api/session', 'content-type': 'application/json' });
  stream.on('error', () => {});
  stream.write('{');
  await new Promise((resolve) => client.ping(resolve));
  const askedAt = performance.now();
  server.kill('SIGTERM');
  expect((await ended).status).toBe(0);
  expect(performance.now() - askedAt).toBeLessThan(5000);
  client.destroy();
  silent.destroy();
});

test('SIGTERM while it starts ends it cleanly too', async () => {
  const { process: server, ended } = start(`${quiet.replace('silent', 'info')}`);
  await new Promise<void>((resolve) => {
    server.stderr.on('data', (text: string) => {
      if (text.includes('0004_incidents')) resolve();
    });
  });
  server.kill('SIGTERM');
  const { status, stderr } = await ended;
  expect(status).toBe(0);
  expect(stderr).toContain('"stopping"');
});
