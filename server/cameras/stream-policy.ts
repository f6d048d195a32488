import type { Codec } from '../contracts/cameras.ts';

export interface Candidate {
  token: string;
  sourceToken: string | null;
  codec: Codec;
  width: number;
  height: number;
  rtsp: string | null;
}

/** What a wall's tile wants; the sub stream is the one nearest to it. */
const subPixels = 640 * 360;

const area = (candidate: Candidate) => candidate.width * candidate.height;
/** Recorded as they come, but only H.264 plays everywhere without being transcoded. */
const codecRank: Readonly<Record<Codec, number>> = { h264: 0, h265: 1, mjpeg: 2, unknown: 3 };

/**
 * The streams to record of a camera's profiles. Main is the largest picture of the first lens that has one; sub is a smaller picture
 * of the same lens, nearest to 640×360. H.264 wins between equals; MJPEG is taken only where there is nothing else.
 */
export function chooseStreams<C extends Candidate>(profiles: readonly C[]): { main: C | null; sub: C | null } {
  const playable = profiles.filter((profile) => profile.rtsp !== null);
  const video = playable.filter((profile) => profile.codec === 'h264' || profile.codec === 'h265');
  const pool = video.length > 0 ? video : playable;
  const source = pool[0]?.sourceToken;
  const lens = pool.filter((profile) => profile.sourceToken === source);
  const main = lens.toSorted((a, b) => area(b) - area(a) || codecRank[a.codec] - codecRank[b.codec])[0] ?? null;
  if (!main) return { main: null, sub: null };
  const distance = (candidate: C) =>
    area(candidate) === 0 ? Number.POSITIVE_INFINITY : Math.abs(Math.log(area(candidate) / subPixels));
  const sub = lens
    .filter((profile) => profile.rtsp !== main.rtsp && (area(profile) < area(main) || area(main) === 0))
    .toSorted((a, b) => compare(distance(a), distance(b)) || codecRank[a.codec] - codecRank[b.codec])[0];
  return { main, sub: sub ?? null };
}

/** Infinity minus itself is no number. */
const compare = (a: number, b: number) => (a === b ? 0 : a - b);
