import { keyframeBefore, type PlayFile, wallAt } from '../playback/time-map.ts';

/** How exactly a clip begins and ends: at the keyframes around what was asked for, or at the very frames. */
export type ClipExactness = 'gop' | 'frame';
/** What is encoded anew in a clip: nothing, the first group of pictures, or every frame. */
export type Reencoded = 'none' | 'edges' | 'all';

/** Groups of pictures [first, next) of one file, by their place in its table of keyframes. */
export interface ClipSpan {
  file: PlayFile;
  first: number;
  next: number;
  /** Added to the decode times, in units of the file's timescale, so that a piece counts on from zero. */
  shift: number;
}

/** Files with one init that one ffmpeg reads as one stream. */
export interface ClipPiece {
  spans: ClipSpan[];
  encode: boolean;
  /** Seconds from the start of the piece: the first that is kept, and the first that is not; null: all. */
  cut: { from: number; to: number } | null;
  /** Where in the clip the start of the piece would stand, in seconds; negative when its first frames are cut off. */
  offset: number;
}

export interface ClipPlan {
  pieces: ClipPiece[];
  reencoded: Reencoded;
  /** Time of the first frame and of the end of the last one, UTC epoch ms. */
  fromMs: number;
  toMs: number;
  /** Of media, gaps left out. */
  seconds: number;
  /** About what has to be read. */
  bytes: number;
}

/**
 * What a clip over [fromMs, toMs) is made of. `files` are in order and overlap the stretch; `edges`: the first group of pictures can be
 * encoded alone and joined to the others (H.264 without reordered frames, which ends exactly where its packets end). Null: nothing.
 */
export function planClip(
  files: readonly PlayFile[],
  fromMs: number,
  toMs: number,
  exact: ClipExactness,
  edges: boolean,
): ClipPlan | null {
  const spans: (ClipSpan & { begin: number; end: number })[] = [];
  const runs: { spans: ClipSpan[]; seconds: number }[] = [];
  for (const file of files) {
    const first = keyframeBefore(file, fromMs);
    const start = file.keyframes[first];
    if (start === undefined) continue;
    let next = first + 1;
    while (next < file.keyframes.length && wallAt(file, file.keyframes[next]?.time ?? 0) < toMs) next += 1;
    const end = timeAt(file, next);
    const newRun = spans.at(-1)?.file.initId !== file.initId;
    const run = newRun ? { spans: [], seconds: 0 } : runs.at(-1);
    if (run === undefined) continue;
    if (newRun) runs.push(run);
    const shift = Math.round(run.seconds * file.timescale) - start.time;
    const span = { file, first, next, shift };
    run.spans.push(span);
    run.seconds += (end - start.time) / file.timescale;
    spans.push({ ...span, begin: start.time, end });
  }
  const head = spans[0];
  const tail = spans.at(-1);
  if (head === undefined || tail === undefined) return null;

  const whole = runs.reduce((sum, run) => sum + run.seconds, 0);
  const bytes = spans.reduce((sum, { file, first, next }) => sum + offsetAt(file, next) - offsetAt(file, first), 0);
  if (exact === 'gop') {
    const several = runs.length > 1;
    return {
      pieces: piecesOf(runs, several, 0, whole),
      reencoded: several ? 'all' : 'none',
      fromMs: Math.round(wallAt(head.file, head.begin)),
      toMs: Math.round(wallAt(tail.file, tail.end)),
      seconds: whole,
      bytes,
    };
  }
  const before = Math.max(0, (mediaAt(head.file, fromMs) - head.begin) / head.file.timescale);
  const after = Math.max(0, (tail.end - mediaAt(tail.file, toMs)) / tail.file.timescale);
  const exactly = {
    fromMs: Math.max(fromMs, head.file.startMs),
    toMs: Math.min(toMs, Math.round(wallAt(tail.file, tail.end))),
    seconds: whole - before - after,
    bytes,
  };
  const only = runs.length === 1 ? runs[0] : undefined;
  if (!edges || only === undefined) {
    return { ...exactly, pieces: piecesOf(runs, true, before, whole - after), reencoded: 'all' };
  }
  return { ...exactly, ...edgePieces(only, before, whole - after) };
}

/** The first group is encoded when the clip begins within it; what follows is copied and ends before the frame that is too much. */
function edgePieces(
  run: { spans: ClipSpan[] },
  from: number,
  to: number,
): { pieces: ClipPiece[]; reencoded: Reencoded } {
  if (from < 0.001) {
    return { pieces: [{ spans: run.spans, encode: false, cut: { from: 0, to }, offset: 0 }], reencoded: 'none' };
  }
  const [first, ...others] = run.spans;
  if (first === undefined) return { pieces: [], reencoded: 'none' };
  const headEnd = first.first + 1;
  const seconds = (timeAt(first.file, headEnd) - timeAt(first.file, first.first)) / first.file.timescale;
  const head: ClipPiece = {
    spans: [{ ...first, next: headEnd }],
    encode: true,
    cut: { from, to: Math.min(to, seconds) },
    offset: -from,
  };
  const rest = [...(headEnd < first.next ? [{ ...first, first: headEnd }] : []), ...others];
  if (rest.length === 0 || to - seconds < 0.001) return { pieces: [head], reencoded: 'all' };
  const body: ClipPiece = { spans: rest, encode: false, cut: { from: 0, to: to - seconds }, offset: seconds - from };
  return { pieces: [head, body], reencoded: 'edges' };
}

function piecesOf(
  runs: readonly { spans: ClipSpan[]; seconds: number }[],
  encode: boolean,
  from: number,
  to: number,
): ClipPiece[] {
  let played = 0;
  return runs.map(({ spans, seconds }) => {
    const cut = { from: Math.max(0, from - played), to: Math.min(seconds, to - played) };
    const piece: ClipPiece = {
      spans,
      encode,
      cut: cut.from === 0 && cut.to === seconds ? null : cut,
      offset: played - from,
    };
    played += seconds;
    return piece;
  });
}

const timeAt = (file: PlayFile, entry: number) => file.keyframes[entry]?.time ?? file.mediaDuration;
const offsetAt = (file: PlayFile, entry: number) => file.keyframes[entry]?.offset ?? file.bytes;

/** The media time of a moment, within the file. */
function mediaAt(file: PlayFile, ms: number): number {
  if (file.endMs === file.startMs) return 0;
  const share = (ms - file.startMs) / (file.endMs - file.startMs);
  return Math.max(0, Math.min(1, share)) * file.mediaDuration;
}
