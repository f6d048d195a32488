import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { until } from './until.ts';

const run = promisify(execFile);

/** Role that nobody asks for a password, and one whom the server asks. */
const owner = 'lienthong';
export const guarded = { user: 'guarded', password: 'mật khẩu/của #1' };

/**
 * Ends the server and removes its folder when its standard input ends, which it does however this process ends. It has a session of its own, so
 * that what ends this process and its children does not end it before.
 */
const guardian = `
folder=$1; shift
trap '' HUP INT TERM
"$@" </dev/null & server=$!
read -r word || word=gone
if [ "$word" = keep ]; then kill -INT $server; else kill -QUIT $server; fi
wait $server
[ "$word" = keep ] || rm -rf "$folder"`;

/** A PostgreSQL server of its own in a temporary folder: on a unix socket that only this user reaches, nothing of it kept. */
export class PostgresServer {
  readonly folder: string;
  readonly #bin: string;
  readonly #as: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(folder: string, bin: string, as: readonly string[]) {
    this.folder = folder;
    this.#bin = bin;
    this.#as = as;
  }

  static async start(): Promise<PostgresServer> {
    const bin = await binaries();
    const folder = mkdtempSync(join(tmpdir(), 'lienthong-postgres-'));
    const as = await asAnother(folder);
    const server = new PostgresServer(folder, bin, as);
    try {
      await server.#make();
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  async #make(): Promise<void> {
    const data = join(this.folder, 'data');
    const options = ['-D', data, '-U', owner, '-E', 'UTF8', '--no-locale', '--no-sync', '-A', 'trust'];
    const [program = '', ...args] = [...this.#as, join(this.#bin, 'initdb'), ...options];
    await run(program, args, { cwd: this.folder });
    writeFileSync(join(data, 'pg_hba.conf'), `local all ${guarded.user} scram-sha-256\nlocal all all trust\n`);
    await this.resume();
    const quoted = pg.escapeLiteral(guarded.password);
    await this.execute('postgres', `create role ${guarded.user} login superuser password ${quoted}`);
  }

  /** Address of a database, for a user whom nobody asks for a password. */
  url(database: string, user: string = owner): string {
    return `postgres://${user}@/${database}?host=${encodeURIComponent(this.folder)}`;
  }

  async execute(database: string, sql: string): Promise<void> {
    await execute(this.url(database), sql);
  }

  /** Ends the server as its administrator would; what it holds stays. */
  async pause(): Promise<void> {
    await this.#end('keep\n');
  }

  async resume(): Promise<void> {
    const settings = [
      'fsync=off',
      'full_page_writes=off',
      'autovacuum=off',
      'shared_buffers=64MB',
      'max_connections=200',
      'deadlock_timeout=100ms',
    ];
    const options = [
      'listen_addresses=',
      `unix_socket_directories=${this.folder}`,
      'log_min_messages=panic',
      ...settings,
    ];
    const command = [
      ...this.#as,
      join(this.#bin, 'postgres'),
      ...['-D', join(this.folder, 'data')],
      ...options.flatMap((option) => ['-c', option]),
    ];
    this.#process = spawn('sh', ['-c', guardian, 'sh', this.folder, ...command], {
      cwd: this.folder,
      detached: true,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    await until(() =>
      execute(this.url('postgres'), 'select 1').then(
        () => true,
        () => false,
      ),
    );
  }

  /** Ends the server at once and removes its folder. */
  async close(): Promise<void> {
    await this.#end('');
    // A paused one has nobody left who does it.
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #end(word: string): Promise<void> {
    const process = this.#process;
    if (process === undefined) return;
    this.#process = undefined;
    const ended = once(process, 'close');
    process.stdin?.end(word);
    await ended;
  }
}

export async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  // A server that ends takes the connection with it; what was asked says so too.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function binaries(): Promise<string> {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((v) => join(debian, v, 'bin')), ...(process.env.PATH ?? '').split(delimiter)];
  const found = folders.find((bin) => existsSync(join(bin, 'initdb')) && existsSync(join(bin, 'postgres')));
  if (found === undefined) {
    throw new Error(
      'PostgreSQL was not found. scripts/test installs it as root on Debian (apt-get install postgresql).',
    );
  }
  return found;
}

/** PostgreSQL refuses to run as root: then it gets another user, who also gets the folder. */
async function asAnother(folder: string): Promise<readonly string[]> {
  if (process.getuid?.() !== 0) return [];
  for (const user of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all(['-u', '-g'].map(async (of) => (await run('id', [of, user])).stdout.trim()));
      chownSync(folder, Number(uid), Number(gid));
      return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
    } catch {
      // No such user.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor nobody.');
}
