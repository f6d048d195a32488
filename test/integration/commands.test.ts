import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiClient } from '../../scripts/commands/api-client.ts';
import { buildConsole } from '../../scripts/commands/console-build.ts';
import { type FleetProcess, startFleetProcess } from '../../scripts/commands/demo/fleet-process.ts';
import { userList } from '../../server/contracts/users.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-commands-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Ended {
  status: number;
  stdout: string;
  stderr: string;
}

async function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  try {
    const { stdout, stderr } = await promisify(execFile)(file, args, { env });
    return { status: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, stdout, stderr };
  }
}

describe('scripts/run', () => {
  let server: ChildProcess | undefined;
  beforeAll(() => buildConsole(() => {}));
  afterEach(() => {
    server?.kill('SIGKILL');
  });

  it('starts an empty system with a set-up link that works once, and ends on SIGTERM with status 0', async () => {
    server = spawn(join(root, 'scripts/run'), [], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, LIENTHONG_PORT: '0', LIENTHONG_DATA_DIR: folder },
    });
    const ended = new Promise((resolve) => server?.once('close', (code, signal) => resolve([code, signal])));
    const lines: string[] = [];
    await new Promise<void>((resolve) => {
      createInterface({ input: server!.stdout! }).on('line', (line) => {
        lines.push(line);
        if (line.startsWith('ready ')) resolve();
      });
    });
    expect(lines.at(-1)).toMatch(/^ready https:\/\/localhost:\d+$/);
    const link = new URL(lines.map((line) => /https:\S+\/setup\?token=\S+/.exec(line)?.[0]).find(Boolean)!);
    expect(link.origin).toBe(lines.at(-1)?.slice('ready '.length));

    const client = await ApiClient.of(link.origin, folder);
    const person = { username: 'quantri', name: 'Quản trị', password: 'một mật khẩu dài' };
    const token = link.searchParams.get('token')!;
    expect((await client.setUp({ token, ...person })).role).toBe('admin');
    expect((await client.call(userList, 'GET', '/api/users')).items).toHaveLength(1);
    await expect(client.stranger().setUp({ token, ...person, username: 'other' })).rejects.toMatchObject({
      code: 'setup_token_invalid',
    });
    client.close();

    const asked = performance.now();
    server.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(performance.now() - asked).toBeLessThan(5_000);
  });

  it('refuses settings that it does not know with status 2, and names them', async () => {
    const config = join(folder, 'wrong.yaml');
    writeFileSync(config, 'server:\n  prot: 1\n');
    const env = { ...process.env, LIENTHONG_CONFIG: config, LIENTHONG_DATA_DIR: folder };
    const { status, stderr } = await run(join(root, 'scripts/run'), [], env);
    expect(status).toBe(2);
    expect(stderr).toContain('wrong.yaml');
    expect(stderr).toContain('prot');
    expect((await run(join(root, 'scripts/run'), ['--demo', 'more'])).status).toBe(2);
  });
});

describe('what a machine lacks', () => {
  /** A checkout with its packages there, on a machine that has these programs and no others. */
  function machine(programs: Record<string, string>): NodeJS.ProcessEnv {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    for (const name of ['bash', 'cat', 'cksum', 'dirname', 'env', 'mktemp', 'rm', 'sleep', 'tail', 'uname', 'chmod']) {
      const found = (process.env.PATH ?? '').split(delimiter).find((place) => existsSync(join(place, name)));
      symlinkSync(join(found ?? '/bin', name), join(bin, name));
    }
    for (const [name, text] of Object.entries(programs)) {
      writeFileSync(join(bin, name), `#!/usr/bin/env bash\n${text}\n`);
      chmodSync(join(bin, name), 0o755);
    }
    mkdirSync(join(folder, 'scripts'));
    cpSync(join(root, 'scripts/commands/prepare.sh'), join(folder, 'scripts/commands/prepare.sh'));
    writeFileSync(join(folder, 'package-lock.json'), '{}');
    mkdirSync(join(folder, 'node_modules'));
    writeFileSync(join(folder, 'node_modules/.package-lock.json'), '{}');
    writeFileSync(
      join(folder, 'scripts/go'),
      '#!/usr/bin/env bash\nset -euo pipefail\nsource "$(dirname "$0")/commands/prepare.sh"\nprepare\necho prepared\n',
    );
    chmodSync(join(folder, 'scripts/go'), 0o755);
    return { PATH: bin, TMPDIR: tmpdir() };
  }
  const installs =
    'cd "$(dirname "$0")"; echo "$@" >> apt-get.log; [ "$1" != install ] || for p in ffmpeg ffprobe; do echo > $p; chmod +x $p; done';

  it('is installed by apt-get as root', async () => {
    const env = machine({ id: 'echo 0', 'apt-get': installs });
    expect(await run(join(folder, 'scripts/go'), [], env)).toMatchObject({
      status: 0,
      stdout: 'installing ffmpeg (apt-get)\nprepared\n',
    });
    expect((await run(join(folder, 'scripts/go'), [], env)).stdout).toBe('prepared\n');
  });

  it('is named in plain words to anybody else', async () => {
    const env = machine({ id: 'echo 1000', 'apt-get': installs });
    const { status, stderr } = await run(join(folder, 'scripts/go'), [], env);
    expect(status).toBe(1);
    expect(stderr).toContain('sudo apt-get install ffmpeg');
    expect(existsSync(join(folder, 'bin/apt-get.log'))).toBe(false);
  });

  it('is told with the last words of apt-get when it cannot be had', async () => {
    const env = machine({ id: 'echo 0', 'apt-get': 'echo "E: no network" >&2; exit 100' });
    const { status, stderr } = await run(join(folder, 'scripts/go'), [], env);
    expect(status).toBe(1);
    expect(stderr).toContain('E: no network');
  });
});

describe('scripts/lienthong', () => {
  const lienthong = (...args: string[]) =>
    run(join(root, 'scripts/lienthong'), args, { ...process.env, LIENTHONG_DATA_DIR: folder });
  const lastLine = ({ stdout }: Ended) => JSON.parse(stdout.trim().split('\n').at(-1)!);
  const login = { username: 'admin', password: 'mật khẩu máy ảnh' };
  let fleet: FleetProcess;
  let host: string;
  beforeAll(async () => {
    const cameras = [{ id: 'cli-1', name: 'Quầy số 1', desk: 'Quầy số 1', ...login }];
    fleet = await startFleetProcess({ cameras, discovery: false, loopFrames: 100 }, () => {});
    host = new URL(fleet.cameras[0]!.onvif).host;
  });
  afterAll(() => fleet?.stop());

  it('probes a camera with a password out of a file, and says what it is', async () => {
    const file = join(folder, 'password');
    writeFileSync(file, `${login.password}\n`);
    const ended = await lienthong('camera', 'probe', host, '--username', 'admin', '--password-file', file, '--json');
    expect(ended.status).toBe(0);
    const result = lastLine(ended);
    expect(result).toMatchObject({ reachable: true, isOnvif: true, auth: { ok: true, method: expect.any(String) } });
    expect(result.profiles.map(({ stream, codec }: { stream: string; codec: string }) => [stream, codec])).toEqual([
      ['main', 'h264'],
      ['sub', 'h264'],
    ]);
    expect(result.machine).toMatchObject({ cores: expect.any(Number), node: process.versions.node });
    expect(JSON.stringify(result)).not.toContain(login.password);
  });

  it('tells wrong credentials and silence apart by its status', async () => {
    const file = join(folder, 'password');
    writeFileSync(file, 'sai');
    const wrong = await lienthong('camera', 'probe', host, '--username', 'admin', '--password-file', file, '--json');
    expect([wrong.status, lastLine(wrong).auth.error]).toEqual([3, 'bad_credentials']);
    const none = await lienthong('camera', 'probe', '127.0.0.1:1', '--json');
    expect([none.status, lastLine(none).reachable]).toEqual([4, false]);
  });

  it.each([
    [[]],
    [['camera']],
    [['camera', 'probe']],
    [['camera', 'probe', 'a', 'b']],
    [['camera', 'probe', 'a:b:c']],
    [['camera', 'probe', 'a', '--password', 'secret']],
    [['camera', 'probe', 'a', '--hashes']],
    [['camera', 'probe', 'a', '--password-file', '/dev/null']],
    [['archive', 'check', 'more']],
  ])('answers wrong usage with status 2: %j', async (args) => {
    expect((await lienthong(...args)).status).toBe(2);
  });

  it('fails with status 1 where there is no archive to check', async () => {
    expect((await lienthong('archive', 'check')).status).toBe(1);
  });
});
