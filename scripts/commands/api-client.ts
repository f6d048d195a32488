import { readFile } from 'node:fs/promises';
import { Agent, type RequestOptions, request } from 'node:https';
import { join } from 'node:path';
import type { z } from 'zod';
import { errorBody } from '../../server/contracts/common.ts';
import { me, type SetupRequest } from '../../server/contracts/session.ts';

export class ApiFailure extends Error {
  readonly status: number;
  readonly code: string;
  constructor(what: string, status: number, code: string, message: string) {
    super(`${what}: ${status} ${code} ${message}`);
    this.name = 'ApiFailure';
    this.status = status;
    this.code = code;
  }
}

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

interface Options {
  body?: unknown;
  signal?: AbortSignal;
}

/** One person's way to the API of a server on this machine, which is known by the certificate in its data folder. */
export class ApiClient {
  readonly url: string;
  readonly #ca: Buffer;
  readonly #agent: Agent;
  #cookie = '';
  #csrfToken = '';

  constructor(url: string, ca: Buffer) {
    this.url = url;
    this.#ca = ca;
    this.#agent = new Agent({ ca, keepAlive: true });
  }

  /** Errors: what reading `<dataDir>/tls/cert.pem` throws. */
  static async of(url: string, dataDir: string): Promise<ApiClient> {
    return new ApiClient(url, await readFile(join(dataDir, 'tls', 'cert.pem')));
  }

  /** Somebody else at the same server. */
  stranger(): ApiClient {
    return new ApiClient(this.url, this.#ca);
  }

  /** The session cookie, `name=value`; empty before signing in. */
  get cookie(): string {
    return this.#cookie;
  }

  get csrfToken(): string {
    return this.#csrfToken;
  }

  async signIn(username: string, password: string): Promise<z.infer<typeof me>> {
    return this.#enter(await this.call(me, 'POST', '/api/session', { body: { username, password } }));
  }

  async setUp(body: SetupRequest): Promise<z.infer<typeof me>> {
    return this.#enter(await this.call(me, 'POST', '/api/setup', { body }));
  }

  /** The parsed answer. Errors: `ApiFailure` with the API's code, `ZodError` when the answer has another form. */
  async call<T extends z.ZodType>(
    answer: T,
    method: string,
    path: string,
    { body, signal }: Options = {},
  ): Promise<z.infer<T>> {
    return parsed(answer, `${method} ${path}`, await this.send(method, path, { body, signal }));
  }

  /** Hands in a file as it is. Errors: those of `call`. */
  async upload<T extends z.ZodType>(
    answer: T,
    path: string,
    name: string,
    type: string,
    bytes: Buffer,
  ): Promise<z.infer<T>> {
    const headers = {
      ...this.#headers('POST'),
      'content-type': type,
      'content-length': bytes.length,
      'x-file-name': encodeURIComponent(name),
    };
    const options = { method: 'POST', headers, agent: this.#agent };
    return parsed(answer, `POST ${path}`, await this.#exchange(new URL(path, this.url), options, bytes));
  }

  /** The answer as it comes, whatever its status. */
  send(method: string, path: string, { body, signal }: Options = {}): Promise<Answer> {
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const headers = this.#headers(method);
    if (payload !== undefined) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = payload.length;
    }
    return this.#exchange(new URL(path, this.url), { method, headers, agent: this.#agent, signal }, payload);
  }

  #exchange(url: URL, options: RequestOptions, payload: Buffer | undefined): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(url, options, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.once('error', reject);
        response.once('end', () => {
          this.#keepCookie(response.headers['set-cookie']);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) });
        });
      });
      sent.once('error', (error: NodeJS.ErrnoException) => {
        // The server had closed the idle connection before it could see the request.
        const unseen = sent.reusedSocket && error.code === 'ECONNRESET';
        if (unseen) this.#exchange(url, options, payload).then(resolve, reject);
        else reject(error);
      });
      sent.end(payload);
    });
  }

  #headers(method: string): Record<string, string | number> {
    const headers: Record<string, string | number> = { 'accept-language': 'en' };
    if (this.#cookie !== '') headers.cookie = this.#cookie;
    if (this.#csrfToken !== '' && method !== 'GET') headers['x-csrf-token'] = this.#csrfToken;
    return headers;
  }

  close(): void {
    this.#agent.destroy();
  }

  #enter(answer: z.infer<typeof me>): z.infer<typeof me> {
    this.#csrfToken = answer.csrfToken;
    return answer;
  }

  #keepCookie(cookies: readonly string[] | undefined): void {
    const [pair] = (cookies?.[0] ?? '').split(';');
    if (pair) this.#cookie = pair;
  }
}

function parsed<T extends z.ZodType>(answer: T, what: string, { status, body }: Answer): z.infer<T> {
  const text = body.toString('utf8');
  if (status < 400) return answer.parse(text === '' ? null : JSON.parse(text));
  const { code, message } = failureOf(text);
  throw new ApiFailure(what, status, code, message);
}

function failureOf(text: string): { code: string; message: string } {
  try {
    return errorBody.parse(JSON.parse(text)).error;
  } catch {
    return { code: 'unknown', message: text.slice(0, 200) };
  }
}
