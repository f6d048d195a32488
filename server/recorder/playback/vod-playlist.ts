import { recordingFileName } from '../archive/paths.ts';
import { keyframeBefore, type PlayFile, wallAt } from './time-map.ts';

/** A segment ends at the first keyframe at least so long after its first. */
const segmentSeconds = 4;

interface VodSegment {
  seconds: number;
  offset: number;
  bytes: number;
}

/**
 * A VOD playlist over [fromMs, toMs) of byte ranges (RFC 8216, 4.3): from the last keyframe at or before `fromMs` to the first at or
 * after `toMs`. Every file has its own init and counts its time from zero, so that each begins with EXT-X-DISCONTINUITY.
 * `files` are in order and overlap the stretch. Addresses are relative to `/media/:cameraId/:stream/`.
 */
export function writeVodPlaylist(files: readonly PlayFile[], fromMs: number, toMs: number): string {
  const body: string[] = [];
  let longest = 1;
  let beginMs: number | null = null;
  for (const file of files) {
    const first = keyframeBefore(file, fromMs);
    const segments = segmentsOf(file, first, toMs);
    if (segments.length === 0) continue;
    const name = recordingFileName(file.startMs);
    const startMs = wallAt(file, file.keyframes[first]?.time ?? 0);
    if (beginMs !== null) body.push('#EXT-X-DISCONTINUITY');
    beginMs ??= startMs;
    body.push(`#EXT-X-MAP:URI="file/${name}",BYTERANGE="${file.initBytes}@0"`);
    body.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(Math.round(startMs)).toISOString()}`);
    for (const segment of segments) {
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
