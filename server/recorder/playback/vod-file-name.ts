/**
 * A recording file as a VOD playlist names it: `<start>_<shift>.mp4`, its start in UTC epoch ms and what is added to its decode
 * times, in units of its timescale. A name so means the same bytes for ever. `<start>.mp4` is the file as it lies on disk.
 */
export interface VodFile {
  startMs: number;
  shift: number;
}

const pattern = /^(0|[1-9]\d{0,14})(?:_(-?[1-9]\d{0,14}))?\.mp4$/;

export function vodFileName(startMs: number, shift: number): string {
  return shift === 0 ? `${startMs}.mp4` : `${startMs}_${shift}.mp4`;
}

/** Null when the name is none that `vodFileName` writes. */
export function parseVodFileName(name: string): VodFile | null {
  const match = pattern.exec(name);
  return match === null ? null : { startMs: Number(match[1]), shift: Number(match[2] ?? 0) };
}
