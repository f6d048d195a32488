import { type ClientHttp2Session, connect } from 'node:http2';

/** Name of a part, its time of capture in 1/100 ms, and when it could be had (epoch ms). */
export type PartMark = [name: string, captured: number, hadMs: number];

export interface ViewerOrder {
  path: 'push' | 'hls';
  url: string;
  ca: string;
  marks: string;
  /** One connection each, as a person's browser has. */
  viewers: { cookie: string; cameras: string[] }[];
}

/** What viewers got since the last reset; `got` has [key of a part, when it came]. */
export interface Tally {
  got: [string | number, number][];
  answered: [string | number, number][];
  bytes: number;
  /** Parts that a viewer was not given. */
  drops: number;
  errors: number;
  failures: Set<string>;
}

export const newTally = (): Tally => ({
  got: [],
  answered: [],
  bytes: 0,
  drops: 0,
  errors: 0,
  failures: new Set(),
});

export const nowMs = () => performance.timeOrigin + performance.now();

/** As large as a browser's. */
const settings = { initialWindowSize: 6 * 2 ** 20, enablePush: false };

export function openSession({ url, ca }: ViewerOrder): Promise<ClientHttp2Session> {
  const session = connect(url, { ca, settings });
  return new Promise((resolve, reject) => {
    session.once('error', reject);
    session.once('connect', () => {
      session.setLocalWindowSize(16 * 2 ** 20);
      resolve(session);
    });
  });
}

type Say = () => Tally;

/** A tile that is pushed to: reads the boxes, and the time in each `prft`. `first` is called with the first part. */
export function pushTile(session: ClientHttp2Session, cookie: string, camera: string, tally: Say, first: () => void) {
  const stream = session.request({ ':path': `/media/${camera}/main/live.mp4`, cookie });
  let head = Buffer.alloc(0);
  let left = 0;
  let last = 0;
  let captured = 0;
  let inFragment = false;
  stream.on('response', (headers) => {
    if (headers[':status'] !== 200) fail(tally(), `status ${headers[':status']}`);
  });
  stream.on('error', (error) => fail(tally(), String(error)));
  stream.on('close', () => fail(tally(), 'a stream ended'));
  const boxEnds = () => {
    if (!inFragment) return;
    inFragment = false;
    tally().got.push([captured, nowMs()]);
    first();
  };
  stream.on('data', (chunk: Buffer) => {
    tally().bytes += chunk.length;
    let at = 0;
    while (at < chunk.length) {
      if (left > 0) {
        const taken = Math.min(left, chunk.length - at);
        left -= taken;
        at += taken;
        if (left === 0) boxEnds();
        continue;
      }
      const joined = head.length === 0 ? chunk.subarray(at) : Buffer.concat([head, chunk.subarray(at)]);
      if (joined.length < 32) {
        head = Buffer.from(joined);
        return;
      }
      const size = joined.readUInt32BE(0);
      const type = joined.toString('latin1', 4, 8);
      if (type === 'prft') {
        const ms = joined.readUInt32BE(16) * 1000 + (joined.readUInt32BE(20) * 1000) / 2 ** 32 - 2_208_988_800_000;
        captured = Math.round(ms * 100);
        if (last > 0) tally().drops += Math.max(0, Math.round((ms - last) / 200) - 1);
        last = ms;
      }
      inFragment = type === 'mdat';
      const taken = Math.min(size, joined.length);
      left = size - taken;
      at += taken - head.length;
      head = Buffer.alloc(0);
      if (left === 0) boxEnds();
    }
  });
}

/** A tile by LL-HLS, as players do it: a blocking reload, then the parts that are new. */
export async function hlsTile(
  session: ClientHttp2Session,
  cookie: string,
  camera: string,
  tally: Say,
  first: () => void,
): Promise<void> {
  const folder = `/media/${camera}/main/`;
  let query = '';
  let last = -1;
  let skips = false;
  while (!session.destroyed) {
    try {
      const text = (await get(session, cookie, `${folder}live.m3u8${query}`)).toString('latin1');
      const cameMs = nowMs();
      skips ||= text.includes('CAN-SKIP-UNTIL');
      const { msn, parts, names } = readPlaylist(text);
      query = `?_HLS_msn=${msn}&_HLS_part=${parts}${skips ? '&_HLS_skip=YES' : ''}`;
      const fresh = names.filter((name) => numberOf(name) > last);
      const news = last < 0 ? fresh.slice(-1) : fresh;
      const newest = news.at(-1);
      if (newest === undefined) continue;
      if (last >= 0) {
        tally().drops += numberOf(news[0] ?? '') - last - 1;
        tally().answered.push([newest, cameMs]);
      }
      for (const name of news) {
        const bytes = await get(session, cookie, `${folder}live/${name}`);
        tally().bytes += bytes.length;
        tally().got.push([name, nowMs()]);
      }
      last = numberOf(newest);
      first();
    } catch (error) {
      fail(tally(), String(error));
      return;
    }
  }
}

const numberOf = (name: string) => Number(name.slice(name.lastIndexOf('-p') + 2, -4));

/** The growing segment's number, how many parts it has, and all parts that are listed. */
function readPlaylist(text: string): { msn: number; parts: number; names: string[] } {
  const [, first = '0'] = /#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(text) ?? [];
  const [, skipped = '0'] = /#EXT-X-SKIP:SKIPPED-SEGMENTS=(\d+)/.exec(text) ?? [];
  const whole = text.split('#EXTINF').length - 1;
  const names = [...text.matchAll(/#EXT-X-PART:[^\n]*URI="live\/([^"]+)"/g)].map(([, name = '']) => name);
  const parts = text.slice(text.lastIndexOf('#EXTINF')).split('#EXT-X-PART:').length - 1;
  return { msn: Number(first) + Number(skipped) + whole, parts, names };
}

function get(session: ClientHttp2Session, cookie: string, path: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':path': path, cookie });
    const chunks: Buffer[] = [];
    let status = 0;
    stream.on('response', (headers) => {
      status = headers[':status'] ?? 0;
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('close', () => reject(new Error('a request was broken off')));
    stream.on('end', () => {
      if (status === 200) resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
      else reject(new Error(`${path.split('?')[0]}: ${status} ${Buffer.concat(chunks).toString().slice(0, 100)}`));
    });
  });
}

function fail(tally: Tally, why: string): void {
  tally.errors += 1;
  if (tally.failures.size < 5) tally.failures.add(why);
}
