import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const example = fileURLToPath(new URL('../../docs/nginx/lienthong.conf', import.meta.url));

export interface Nginx {
  url: string;
  stop(): Promise<void>;
}

/** The real nginx with the example of the docs, in front of a server at `url` whose certificate is in `tlsFolder`; on a free port. */
export async function startNginx(url: string, tlsFolder: string): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-nginx-'));
  const port = await freePort();
  const [cert, key] = [join(tlsFolder, 'cert.pem'), join(tlsFolder, 'key.pem')];
  const site = replaced(readFileSync(example, 'utf8'), [
    ['/var/cache/nginx/lienthong', join(folder, 'cache')],
    ['server 127.0.0.1:8443;', `server 127.0.0.1:${new URL(url).port};`],
    ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
    ['server_name camera.example.vn;', 'server_name localhost;'],
    ['/etc/nginx/tls/cert.pem', cert],
    ['/etc/nginx/tls/key.pem', key],
    ['/srv/lienthong/tls/cert.pem', cert],
  ]);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  mkdirSync(join(folder, 'temp'));
  const main = [
    'daemon off;',
    'worker_processes 1;',
    `pid ${join(folder, 'pid')};`,
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    'events { worker_connections 512; }',
    'http {',
    'access_log off;',
    ...temporary.map((name) => `${name}_temp_path ${join(folder, 'temp', name)};`),
    'include site.conf;',
    '}',
  ];
  writeFileSync(join(folder, 'site.conf'), site);
  writeFileSync(join(folder, 'nginx.conf'), main.join('\n'));
  const child = spawn('nginx', ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  const exited = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      words += error.message;
      resolve();
    });
    child.once('close', () => resolve());
  });
  const stop = async () => {
    if (isRunning(child)) child.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until(() => {
      if (!isRunning(child)) throw new Error(`nginx ended:\n${words}`);
      return readPid(folder);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `https://localhost:${port}`, stop };
}

const isRunning = (child: ChildProcess) =>
  child.exitCode === null && child.signalCode === null && child.pid !== undefined;

function readPid(folder: string): boolean {
  try {
    return readFileSync(join(folder, 'pid'), 'utf8').trim() !== '';
  } catch {
    return false;
  }
}

function replaced(text: string, pairs: readonly (readonly [string, string])[]): string {
  return pairs.reduce((all, [from, to]) => {
    if (!all.includes(from)) throw new Error(`the example has no ${from}`);
    return all.replaceAll(from, to);
  }, text);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
