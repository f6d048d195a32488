import { randomBytes } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { type Credentials, DigestGuard } from '../digest-auth.ts';
import { FRAMES_PER_SECOND } from '../loop-clock.ts';
import type { RtpSource } from './rtp-source.ts';
import { RtspParser, type RtspRequest, rtspResponse } from './rtsp-message.ts';

export type StreamName = 'main' | 'sub';

export interface RtspServerOptions {
  host: string;
  /** 0 for any free port. */
  port: number;
  /** The session's name in the SDP. */
  title: string;
  sources: Readonly<Record<StreamName, RtpSource>>;
  credentials: () => Credentials;
}

const SESSION_TIMEOUT_SECONDS = 60;
const METHOD_NAMES = ['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY', 'PAUSE', 'GET_PARAMETER', 'SET_PARAMETER', 'TEARDOWN'];
const METHODS = METHOD_NAMES.join(', ');
const MAX_CONNECTIONS = 64;
const ENCODING_NAMES = { h264: 'H264', h265: 'H265', mjpeg: 'JPEG' } as const;

interface Session {
  id: string;
  stream: StreamName;
  /** Interleaved channels of the tracks that the client has set up. */
  channel?: number;
  audioChannel?: number;
}

interface Connection {
  socket: Socket;
  parser: RtspParser;
  session?: Session;
  heardMs: number;
}

/** One camera's RTSP server (RFC 2326), with RTP interleaved in the TCP connection and nothing else. */
export class RtspServer {
  readonly #options: RtspServerOptions;
  readonly #guard = new DigestGuard({ realm: 'Simulated camera', qop: false });
  readonly #connections = new Set<Connection>();
  #server: Server | undefined;
  #port: number;
  #hung = false;

  constructor(options: RtspServerOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  get port(): number {
    return this.#port;
  }

  /** Listens; after a `close` on the same port as before. */
  async listen(): Promise<void> {
    const server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    server.maxConnections = MAX_CONNECTIONS;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, this.#options.host, resolve);
    });
    const address = server.address();
    if (address && typeof address === 'object') this.#port = address.port;
    this.#server = server;
  }

  /** Stops listening and cuts every connection, as a camera that loses its power. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const { socket } of this.#connections) socket.resetAndDestroy();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  /** As on a cable that is cut: connections stay, and nothing is read, answered or closed. False ends it, and them. */
  hang(hung: boolean): void {
    this.#hung = hung;
    for (const { socket } of this.#connections) {
      if (hung) socket.pause();
      else socket.destroy();
    }
  }

  /** Cuts off clients that have sent neither a request nor RTCP for longer than the session's timeout. */
  sweep(nowMs: number): void {
    for (const connection of this.#connections) {
      if (nowMs - connection.heardMs > SESSION_TIMEOUT_SECONDS * 1000) connection.socket.destroy();
    }
  }

  #accept(socket: Socket): void {
    const connection: Connection = { socket, parser: new RtspParser(), heardMs: Date.now() };
    this.#connections.add(connection);
    if (this.#hung) socket.pause();
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#connections.delete(connection);
      this.#stop(connection);
    });
    socket.on('data', (chunk: Buffer) => {
      if (this.#hung) return;
      connection.heardMs = Date.now();
      try {
        for (const request of connection.parser.push(chunk).requests) this.#receive(connection, request);
      } catch {
        socket.end(rtspResponse(400, 'Bad Request', undefined));
      }
    });
  }

  #receive(connection: Connection, request: RtspRequest): void {
    const { status, reason, headers, body, afterwards } = this.#answer(connection, request);
    connection.socket.write(rtspResponse(status, reason, request.headers.get('cseq'), headers, body));
    afterwards?.();
  }

  #answer(connection: Connection, request: RtspRequest): Answer {
    const { method, headers } = request;
    if (method === 'OPTIONS') return { ...OK, headers: { Public: METHODS } };
    const verdict = this.#guard.verify(headers.get('authorization'), method, this.#options.credentials());
    if (verdict !== 'ok') {
      const challenge = this.#guard.challenge(verdict === 'stale');
      return { status: 401, reason: 'Unauthorized', headers: { 'WWW-Authenticate': challenge } };
    }
    if (method === 'DESCRIBE') return this.#describe(request);
    if (method === 'SETUP') return this.#setup(connection, request);
    if (!METHOD_NAMES.includes(method)) return { status: 501, reason: 'Not Implemented', headers: { Public: METHODS } };
    return this.#answerInSession(connection, request);
  }

  #answerInSession(connection: Connection, request: RtspRequest): Answer {
    const { session, socket } = connection;
    const asked = request.headers.get('session')?.split(';')[0];
    if (!session || (asked !== undefined && asked !== session.id)) {
      return request.method === 'GET_PARAMETER' ? OK : { status: 454, reason: 'Session Not Found' };
    }
    const source = this.#options.sources[session.stream];
    const ok: Answer = { ...OK, headers: { Session: session.id } };
    switch (request.method) {
      case 'PLAY': {
        const { channel, audioChannel } = session;
        if (channel === undefined) return { status: 455, reason: 'Method Not Valid in This State' };
        const play = () => source.play({ socket, channel, ...(audioChannel === undefined ? {} : { audioChannel }) });
        return { ...OK, headers: { Session: session.id, Range: 'npt=now-' }, afterwards: play };
      }
      case 'PAUSE':
        source.pause(socket);
        return ok;
      case 'TEARDOWN':
        this.#stop(connection);
        return ok;
      default:
        return ok;
    }
  }

  #describe(request: RtspRequest): Answer {
    const stream = streamOf(request.url);
    if (!stream) return NOT_FOUND;
    const { clip, audio } = this.#options.sources[stream];
    const base = `${request.url.replace(/\/$/, '')}/`;
    const sdp = [
      'v=0',
      `o=- 1 1 IN IP4 ${this.#options.host}`,
      `s=${this.#options.title}`,
      `c=IN IP4 ${this.#options.host}`,
      't=0 0',
      'a=range:npt=now-',
      `m=video 0 RTP/AVP ${clip.payloadType}`,
      `a=rtpmap:${clip.payloadType} ${ENCODING_NAMES[clip.codec]}/90000`,
      ...(clip.fmtp === null ? [] : [`a=fmtp:${clip.payloadType} ${clip.fmtp}`]),
      `a=framerate:${FRAMES_PER_SECOND}`,
      `a=x-dimensions:${clip.width},${clip.height}`,
      'a=control:trackID=1',
      ...(audio === null ? [] : [`m=audio 0 RTP/AVP ${audio.payloadType}`, ...audio.sdp, 'a=control:trackID=2']),
    ];
    const headers = { 'Content-Type': 'application/sdp', 'Content-Base': base };
    return { ...OK, headers, body: `${sdp.join('\r\n')}\r\n` };
  }

  #setup(connection: Connection, request: RtspRequest): Answer {
    const stream = streamOf(request.url);
    if (!stream) return NOT_FOUND;
    const transport = (request.headers.get('transport') ?? '')
      .split(',')
      .find((spec) => /^\s*RTP\/AVP\/TCP\b/i.test(spec) && /interleaved=/i.test(spec));
    const channel = Number(/interleaved=(\d{1,3})/i.exec(transport ?? '')?.[1] ?? Number.NaN);
    if (!(channel >= 0 && channel <= 254)) return { status: 461, reason: 'Unsupported Transport' };
    const isAudio = /\/trackID=2\b/.test(request.url);
    const before = connection.session;
    // The second track joins the session of the first.
    const joins = before?.stream === stream && (isAudio ? before.audioChannel : before.channel) === undefined;
    if (!joins) this.#stop(connection);
    const id = joins ? before.id : randomBytes(8).toString('hex');
    const tracks = joins ? before : {};
    connection.session = { ...tracks, id, stream, ...(isAudio ? { audioChannel: channel } : { channel }) };
    const ssrc = this.#options.sources[stream].ssrc.toString(16).padStart(8, '0').toUpperCase();
    const headers = {
      Session: `${id};timeout=${SESSION_TIMEOUT_SECONDS}`,
      Transport: `RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1};ssrc=${ssrc};mode="PLAY"`,
    };
    return { ...OK, headers };
  }

  #stop(connection: Connection): void {
    if (connection.session) this.#options.sources[connection.session.stream].pause(connection.socket);
    delete connection.session;
  }
}

interface Answer {
  status: number;
  reason: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** Runs once the answer is written: packets before it would confuse the client. */
  afterwards?: () => void;
}

const OK: Answer = { status: 200, reason: 'OK' };
const NOT_FOUND: Answer = { status: 404, reason: 'Not Found' };

/** `rtsp://host/stream/main` and `…/stream/main/trackID=1` name the main stream. */
function streamOf(url: string): StreamName | undefined {
  const name = /^rtsp:\/\/[^/]+\/stream\/(main|sub)(?:\/(?:trackID=[12])?)?(?:\?.*)?$/i.exec(url)?.[1];
  return name === 'main' || name === 'sub' ? name : undefined;
}
