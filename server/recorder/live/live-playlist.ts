/** What the writer needs to know of a live window: plain data, in seconds of media and UTC epoch ms. */
export interface LiveView {
  targetDuration: number;
  partTarget: number;
  /** Discontinuities that left the playlist with their segments. */
  discontinuitySequence: number;
  segments: LiveSegmentView[];
  /** The part that will come next. */
  hint: string | null;
}

export interface LiveSegmentView {
  msn: number;
  /** Name of the init; a new one is named by EXT-X-MAP. */
  init: string;
  discontinuity: boolean;
  startMs: number;
  duration: number;
  /** Empty for segments so old that nobody needs their parts. */
  parts: { name: string; duration: number; independent: boolean }[];
  /** Null while the segment grows. */
  name: string | null;
}

const seconds = (value: number) => String(Math.round(value * 1e5) / 1e5);

/** Six target durations are the least that a skip boundary may be (RFC 8216bis, 4.4.3.8). */
export function skipBoundarySeconds(targetDuration: number): number {
  return targetDuration * 6;
}

/**
 * The media playlist of Low-Latency HLS (RFC 8216bis, 4.4 and appendix B). Addresses are relative to `/media/:cameraId/:stream/`. As a delta
 * update (6.2.5.1) it leaves out the segments that end further from the edge than the skip boundary, where there are any. There are no
 * rendition reports: main and sub stream are no renditions of one programme with common numbers, and the player changes between them by itself.
 */
export function writeLivePlaylist(view: LiveView, delta = false): string {
  const boundary = skipBoundarySeconds(view.targetDuration);
  const skipped = delta ? skippable(view.segments, boundary) : 0;
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    `#EXT-X-TARGETDURATION:${view.targetDuration}`,
    `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=${boundary},PART-HOLD-BACK=${seconds(view.partTarget * 3)}`,
    `#EXT-X-PART-INF:PART-TARGET=${seconds(view.partTarget)}`,
    `#EXT-X-MEDIA-SEQUENCE:${view.segments[0]?.msn ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${view.discontinuitySequence}`,
  ];
  if (skipped > 0) lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`);
  let init: string | null = null;
  for (const segment of view.segments.slice(skipped)) {
    if (segment.discontinuity) lines.push('#EXT-X-DISCONTINUITY');
    if (segment.init !== init) lines.push(`#EXT-X-MAP:URI="live/${segment.init}"`);
    init = segment.init;
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(Math.round(segment.startMs)).toISOString()}`);
    for (const part of segment.parts) {
      const independent = part.independent ? ',INDEPENDENT=YES' : '';
      lines.push(`#EXT-X-PART:DURATION=${seconds(part.duration)},URI="live/${part.name}"${independent}`);
    }
    if (segment.name !== null) lines.push(`#EXTINF:${segment.duration.toFixed(5)},`, `live/${segment.name}`);
  }
  if (view.hint !== null) lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="live/${view.hint}"`);
  return `${lines.join('\n')}\n`;
}

/** How many of the oldest segments end further from the edge than the skip boundary. */
function skippable(segments: readonly LiveSegmentView[], boundary: number): number {
  let after = 0;
  for (let i = segments.length - 1; i >= 0; i -= 1) {
    if (after > boundary) return i + 1;
    after += segments[i]?.duration ?? 0;
  }
  return 0;
}
