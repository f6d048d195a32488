/** Begins the name of everything that is transcoded, so that it is told from what is recorded; no mark of a stream has a hyphen. */
export const transcodedPrefix = 'h264-';

/**
 * A stretch of a recording file as H.264: `h264-<start>-<first byte>-<end byte>-<shift>.mp4`. `shift` is added to its decode times, which
 * count from zero in units of 1/90000 s. The init of all stretches of a file: `h264-<start>-init.mp4`.
 */
export interface TranscodedStretch {
  startMs: number;
  from: number;
  to: number;
  shift: number;
}

const number = '(0|[1-9]\\d{0,14})';
const stretchPattern = new RegExp(`^${transcodedPrefix}${number}-${number}-${number}-${number}\\.mp4$`);
const initPattern = new RegExp(`^${transcodedPrefix}${number}-init\\.mp4$`);

export const isTranscoded = (name: string) => name.startsWith(transcodedPrefix);

export function stretchName({ startMs, from, to, shift }: TranscodedStretch): string {
  return `${transcodedPrefix}${startMs}-${from}-${to}-${shift}.mp4`;
}

export function transcodedInitName(startMs: number): string {
  return `${transcodedPrefix}${startMs}-init.mp4`;
}

/** Null when the name is none that these functions write. */
export function parseTranscodedName(name: string): TranscodedStretch | { startMs: number } | null {
  const init = initPattern.exec(name);
  if (init !== null) return { startMs: Number(init[1]) };
  const match = stretchPattern.exec(name);
  if (match === null) return null;
  const [startMs = 0, from = 0, to = 0, shift = 0] = match.slice(1).map(Number);
  return { startMs, from, to, shift };
}
