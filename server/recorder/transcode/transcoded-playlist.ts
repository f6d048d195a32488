import { parseVodFileName } from '../playback/vod-file-name.ts';
import { transcodedTimescale } from './encode-arguments.ts';
import { stretchName, transcodedInitName } from './transcoded-name.ts';

/**
 * A VOD playlist whose files of another codec are named by stretches of H.264 that are made when they are asked for. Every segment stays
 * where it is, with its length and date. `isTranscoded` says it of a file by its start. Pure.
 */
export function transcodedPlaylist(playlist: string, isTranscoded: (startMs: number) => boolean): string {
  const startOf = (name: string) => {
    const startMs = parseVodFileName(name)?.startMs;
    return startMs !== undefined && isTranscoded(startMs) ? startMs : null;
  };
  const lines: string[] = [];
  let seconds = 0;
  let playedSeconds = 0;
  let range: { line: string; bytes: number; from: number } | null = null;
  for (const line of playlist.split('\n')) {
    const map = /^#EXT-X-MAP:URI="file\/([^"]+)"/.exec(line);
    const mapped = map === null ? null : startOf(map[1] ?? '');
    const ranged = /^#EXT-X-BYTERANGE:(\d+)@(\d+)$/.exec(line);
    if (mapped !== null) {
      lines.push(`#EXT-X-MAP:URI="file/${transcodedInitName(mapped)}"`);
    } else if (ranged !== null) {
      range = { line, bytes: Number(ranged[1]), from: Number(ranged[2]) };
    } else if (line.startsWith('file/') && range !== null) {
      const startMs = startOf(line.slice('file/'.length));
      const { from, bytes } = range;
      const shift = Math.round(playedSeconds * transcodedTimescale);
      if (startMs === null) lines.push(range.line, line);
      else lines.push(`file/${stretchName({ startMs, from, to: from + bytes, shift })}`);
      playedSeconds += seconds;
      range = null;
    } else {
      const length = /^#EXTINF:([\d.]+)/.exec(line);
      if (length !== null) seconds = Number(length[1]);
      lines.push(line);
    }
  }
  return lines.join('\n');
}
