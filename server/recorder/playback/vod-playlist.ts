import { keyframeBefore, type PlayFile, wallAt } from './time-map.ts';
import { vodFileName } from './vod-file-name.ts';

/** A segment ends at the first keyframe at least so long after its first. */
const segmentSeconds = 4;

interface VodSegment {
  seconds: number;
  offset: number;
  bytes: number;
}

/**
 * A VOD playlist over [fromMs, toMs) of byte ranges (RFC 8216, 4.3): from the last keyframe at or before `fromMs` to the first at or
 * after `toMs`. Files count their time from zero; their names here say how much is added, so that a player sees one running time.
 * EXT-X-DISCONTINUITY stands at gaps and where the format changes. `files` are in order and overlap the stretch. Addresses are
 * relative to `/media/:cameraId/:stream/`.
 */
export function writeVodPlaylist(files: readonly PlayFile[], fromMs: number, toMs: number): string {
  const body: string[] = [];
  let longest = 1;
  let playedSeconds = 0;
  let beginMs: number | null = null;
  let previous: PlayFile | null = null;
  for (const file of files) {
    const first = keyframeBefore(file, fromMs);
    const segments = segmentsOf(file, first, toMs);
    if (segments.length === 0) continue;
    const mediaStart = file.keyframes[first]?.time ?? 0;
    const name = vodFileName(file.startMs, Math.round(playedSeconds * file.timescale) - mediaStart);
    const startMs = wallAt(file, mediaStart);
    const newInit = previous?.initId !== file.initId;
    if (previous !== null && (newInit || previous.endMs !== file.startMs)) body.push('#EXT-X-DISCONTINUITY');
    previous = file;
    beginMs ??= startMs;
    // One init serves all files that share it: players, ffmpeg for one, stumble over a second.
    if (newInit) body.push(`#EXT-X-MAP:URI="file/${name}",BYTERANGE="${file.initBytes}@0"`);
    body.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(Math.round(startMs)).toISOString()}`);
    for (const segment of segments) {
      playedSeconds += segment.seconds;
      longest = Math.max(longest, Math.round(segment.seconds));
      body.push(`#EXTINF:${segment.seconds.toFixed(6)},`);
      body.push(`#EXT-X-BYTERANGE:${segment.bytes}@${segment.offset}`, `file/${name}`);
    }
  }
  const offset = Math.max(0, (fromMs - (beginMs ?? fromMs)) / 1000);
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-TARGETDURATION:${longest}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    `#EXT-X-START:TIME-OFFSET=${offset.toFixed(3)},PRECISE=YES`,
    ...body,
    '#EXT-X-ENDLIST',
    '',
  ].join('\n');
}

function segmentsOf(file: PlayFile, first: number, toMs: number): VodSegment[] {
  const segments: VodSegment[] = [];
  let at = first;
  for (;;) {
    const start = file.keyframes[at];
    if (start === undefined || (segments.length > 0 && wallAt(file, start.time) >= toMs)) return segments;
    let next = at + 1;
    for (; next < file.keyframes.length; next += 1) {
      const entry = file.keyframes[next];
      if (entry === undefined || entry.time - start.time >= segmentSeconds * file.timescale) break;
      if (wallAt(file, entry.time) >= toMs) break;
    }
    const end = file.keyframes[next] ?? { time: file.mediaDuration, offset: file.bytes };
    segments.push({
      seconds: (end.time - start.time) / file.timescale,
      offset: start.offset,
      bytes: end.offset - start.offset,
    });
    at = next;
  }
}
