import type { StreamName } from '../contracts/common.ts';
import type { ByteRange } from '../recorder/recorder.ts';

/**
 * A VOD playlist of one stream, turned into the playlist of an incident: its files are asked for below the incident, where
 * the guard is the incident's. Pure.
 */
export function incidentPlaylist(playlist: string, stream: StreamName): string {
  return playlist.replace(/^file\//gm, `${stream}/file/`).replace(/URI="file\//g, `URI="${stream}/file/`);
}

/** What is asked for without a range. Of a recording file a clip never names the whole, of a transcoded stretch always. */
export const wholeFile: ByteRange = { start: 0, end: Number.MAX_SAFE_INTEGER };

/** Stretches of footage as H.264 carry the codec in front of their names; they hold what the playlist names and nothing else. */
export const isTranscodedName = (file: string) => file.startsWith('h264-');

/**
 * The bytes that a VOD playlist names, by file: all that a reader of the clip may fetch of a recording file, which also
 * holds what came before and after. Byte ranges as RFC 8216, section 4.3.2.2: without an offset a range follows the last.
 */
export function rangesOf(playlist: string): Map<string, ByteRange[]> {
  const ranges = new Map<string, ByteRange[]>();
  const add = (file: string, length: number, start: number) => {
    const list = ranges.get(file) ?? [];
    ranges.set(file, list);
    list.push({ start, end: start + length - 1 });
  };
  let pending: { length: number; offset: number | undefined } | undefined;
  const ends = new Map<string, number>();
  for (const line of playlist.split('\n')) {
    const map = /^#EXT-X-MAP:URI="file\/([^"]+)",BYTERANGE="(\d+)@(\d+)"/.exec(line);
    const range = /^#EXT-X-BYTERANGE:(\d+)(?:@(\d+))?/.exec(line);
    const whole = /^(?:#EXT-X-MAP:URI="file\/(h264-[^"]+)"|file\/(h264-.+))$/.exec(line);
    if (whole) ranges.set((whole[1] ?? whole[2] ?? '').trim(), [wholeFile]);
    else if (map) add(map[1] ?? '', Number(map[2]), Number(map[3]));
    else if (range)
      pending = { length: Number(range[1]), offset: range[2] === undefined ? undefined : Number(range[2]) };
    else if (line.startsWith('file/') && pending) {
      const file = line.slice('file/'.length).trim();
      const start = pending.offset ?? ends.get(file) ?? 0;
      add(file, pending.length, start);
      ends.set(file, start + pending.length);
      pending = undefined;
    }
  }
  return ranges;
}

/** Whether every byte of `asked` lies in what the clip names; neighbouring ranges count as one. */
export function isWithin(asked: ByteRange, allowed: readonly ByteRange[]): boolean {
  let next = asked.start;
  for (const { start, end } of [...allowed].sort((a, b) => a.start - b.start)) {
    if (start > next) continue;
    next = Math.max(next, end + 1);
    if (next > asked.end) return true;
  }
  return false;
}
