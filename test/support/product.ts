import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fleet } from '../../scripts/simulator/fleet.ts';
import { compose } from '../../server/compose.ts';
import type { Camera } from '../../server/contracts/cameras.ts';
import type { Role } from '../../server/contracts/roles.ts';
import type { Me } from '../../server/contracts/session.ts';
import { type Configuration, loadConfiguration } from '../../server/platform/configuration.ts';
import { silentLogger } from '../../server/platform/log.ts';
import { until } from './until.ts';

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
  text: string;
  json: any;
}

export interface Person {
  me: Me;
  cookie: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export const password = 'mật khẩu dài 12';

/** The whole product in this process: real database, recorder, ffmpeg and TLS, on a free port, over the simulated demo city. */
export class TestProduct {
  readonly url: string;
  readonly ca: Buffer;
  readonly dataDir: string;
  readonly #stop: () => Promise<void>;
  readonly #agent: Agent;

  private constructor(url: string, dataDir: string, stop: () => Promise<void>) {
    this.url = url;
    this.dataDir = dataDir;
    this.#stop = stop;
    this.ca = readFileSync(join(dataDir, 'tls', 'cert.pem'));
    this.#agent = new Agent({ ca: this.ca, keepAlive: true });
  }

  /** Returns the product and its first administrator, made through the set-up link. */
  static async start(changes: Partial<Configuration> = {}): Promise<{ product: TestProduct; admin: Person }> {
    const dataDir = mkdtempSync(join(tmpdir(), 'lienthong-product-'));
    const config = new URL('../fixtures/product.yaml', import.meta.url).pathname;
    const configuration = loadConfiguration({ LIENTHONG_CONFIG: config, LIENTHONG_DATA_DIR: dataDir }, dataDir);
    const running = await compose({ ...configuration, ...changes }, silentLogger);
    const product = new TestProduct(running.url, dataDir, running.stop);
    const answer = await product.call('POST', '/api/setup', {
      body: { token: running.setupToken, username: 'admin', name: 'Quản trị', password },
    });
    return { product, admin: product.#person(answer) };
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    await this.#stop();
    rmSync(this.dataDir, { recursive: true });
  }

  call(
    method: string,
    path: string,
    options: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const payload = options.body === undefined ? undefined : JSON.stringify(options.body);
    const headers = { ...(payload === undefined ? {} : { 'content-type': 'application/json' }), ...options.headers };
    return new Promise((resolve, reject) => {
      const req = request(new URL(path, this.url), { method, headers, agent: this.#agent }, (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('error', reject);
        res.on('end', () => {
          const body = Buffer.concat(chunks);
          const text = body.toString();
          const isJson = res.headers['content-type']?.startsWith('application/json');
          resolve({
            status: res.statusCode ?? 0,
            headers: res.headers,
            body,
            text,
            json: isJson ? JSON.parse(text) : undefined,
          });
        });
      });
      req.on('error', reject);
      req.end(payload);
    });
  }

  async signIn(username: string, secret: string = password): Promise<Person> {
    return this.#person(await this.call('POST', '/api/session', { body: { username, password: secret } }));
  }

  /** An account with that role, signed in. */
  async person(admin: Person, role: Role, unitId: string | null = null, username: string = role): Promise<Person> {
    const made = await admin.call('POST', '/api/users', {
      username,
      name: `Người ${username}`,
      role,
      unitId,
      password,
    });
    if (made.status !== 201) throw new Error(`account ${username}: ${made.text}`);
    return this.signIn(username);
  }

  #person(answer: Answer): Person {
    if (answer.status !== 200) throw new Error(`sign-in: ${answer.status} ${answer.text}`);
    const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const me = answer.json as Me;
    return {
      me,
      cookie,
      call: (method, path, body, headers = {}) =>
        this.call(method, path, { body, headers: { cookie, 'x-csrf-token': me.csrfToken, ...headers } }),
    };
  }
}

/** Registers every camera of the fleet, in order, under the units given, and waits until all their streams record. */
export async function onboard(admin: Person, fleet: Fleet, units: readonly string[]): Promise<Camera[]> {
  const cameras: Camera[] = [];
  for (const [index, camera] of fleet.cameras.entries()) {
    const { onvif, username, password: secret, name } = camera;
    const unitId = units[index % units.length];
    const answer = await admin.call('POST', '/api/cameras', { name, unitId, onvif, username, password: secret });
    if (answer.status !== 201) throw new Error(`camera ${name}: ${answer.text}`);
    cameras.push(answer.json as Camera);
  }
  await until(async () => {
    const list = (await admin.call('GET', '/api/cameras')).json.items as Camera[];
    return list.every((camera) => camera.streams.every((stream) => stream.state === 'recording'));
  });
  return cameras;
}
