import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamName } from '../../contracts/common.ts';
import type { Incident } from '../../contracts/incidents.ts';
import { AppError } from '../../platform/errors.ts';
import type { Recorder } from '../../recorder/recorder.ts';
import type { CaseFile, CaseStill } from './case-footage.ts';

/** An older picture does not show the moment. */
const maxAgeMs = 10_000;
/** Of 4K cameras; more is no still of this product. */
const maxBytes = 6 * 1024 * 1024;
/** A recorder that does not answer costs a picture, not the paper. */
const withinMs = 6000;

export interface SeenStill {
  stream: StreamName;
  atMs: number;
}

type Eyes = Pick<Recorder, 'still' | 'vodPlaylist' | 'recordedFileTime'>;

/**
 * The still that was kept with the flag, and keyframes from the beginning, the middle and the end of the stretch, one after the other, so that a paper
 * takes one decoder at a time. What is not there comes with the reason. `seen` hears of each picture that is shown.
 */
export async function caseStills(
  recorder: Eyes,
  incident: Incident,
  kept: () => Promise<Uint8Array>,
  seen: (still: SeenStill) => void,
): Promise<CaseStill[]> {
  const { atMs, fromMs, toMs } = incident;
  const stills = [await keptStill(atMs, kept, seen)];
  const moments = [
    ['first', fromMs],
    ['middle', (fromMs + toMs) / 2],
    ['last', toMs - 1],
  ] as const;
  for (const [what, askedMs] of moments)
    stills.push(await keyframe(recorder, incident, what, Math.floor(askedMs), seen));
  return stills;
}

async function keptStill(
  atMs: number,
  kept: () => Promise<Uint8Array>,
  seen: (still: SeenStill) => void,
): Promise<CaseStill> {
  try {
    const jpeg = await atMost(kept());
    if (jpeg.length > maxBytes) return { what: 'moment', jpeg: null, atMs, missing: 'too_large' };
    seen({ stream: 'main', atMs });
    return { what: 'moment', jpeg, atMs, missing: null };
  } catch (error) {
    return { what: 'moment', jpeg: null, atMs, missing: codeOf(error) };
  }
}

async function keyframe(
  recorder: Eyes,
  incident: Incident,
  what: CaseStill['what'],
  askedMs: number,
  seen: (still: SeenStill) => void,
): Promise<CaseStill> {
  let missing = 'nothing_recorded';
  for (const stream of ['main', 'sub'] as const) {
    try {
      const { jpeg, mediaTimeMs } = await atMost(recorder.still(incident.cameraId, stream, askedMs));
      if (askedMs - mediaTimeMs > maxAgeMs) missing = 'not_of_the_moment';
      else if (jpeg.length > maxBytes) missing = 'too_large';
      else {
        seen({ stream, atMs: mediaTimeMs });
        return { what, jpeg, atMs: mediaTimeMs, missing: null };
      }
    } catch (error) {
      missing = codeOf(error);
    }
  }
  // A gap says more than that there is nothing.
  const gap = incident.footage.gaps.find(({ from, to }) => from <= askedMs && askedMs < to);
  return { what, jpeg: null, atMs: askedMs, missing: gap === undefined ? missing : `gap:${gap.reason}` };
}

/** The recording files that hold footage of the stretch, of the main stream or else the sub stream; null where the recorder does not say. */
export async function caseFiles(recorder: Eyes, { cameraId, fromMs, toMs }: Incident): Promise<CaseFile[] | null> {
  for (const stream of ['main', 'sub'] as const) {
    try {
      const playlist = await atMost(recorder.vodPlaylist(cameraId, stream, fromMs, toMs));
      const names = new Set(
        [...playlist.matchAll(/^(?:#EXT-X-MAP:URI=")?file\/([^",\s]+)/gm)].map(([, name]) => name ?? ''),
      );
      const files: CaseFile[] = [];
      for (const name of names) {
        const { sha256 = null, ...time } = await recorder.recordedFileTime(cameraId, stream, name);
        // As it is called on the disk: in a playlist a name may say how its times are shifted.
        files.push({ name: `${time.fromMs}.mp4`, ...time, sha256 });
      }
      return files;
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'not_found') return null;
    }
  }
  return [];
}

const codeOf = (error: unknown): string => (error instanceof AppError ? error.code : 'internal');

/** Errors: those of the work, and `still_failed` for one that takes too long. */
async function atMost<T>(work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  work.catch(() => {});
  try {
    return await Promise.race([
      work,
      sleep(withinMs, undefined, { signal: timer.signal }).then(() => {
        throw new AppError('unavailable', 'still_failed');
      }),
    ]);
  } finally {
    timer.abort();
  }
}
