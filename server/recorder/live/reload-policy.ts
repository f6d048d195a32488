import type { LivePlaylistRequest } from '../recorder.ts';

/** The newest segment of a window and how many parts it has so far. */
export interface LiveEdge {
  msn: number;
  parts: number;
  /** False while the segment grows. */
  complete: boolean;
}

/**
 * What a blocking reload is answered with (RFC 8216bis, 6.2.5.2): the playlist at once, the playlist when more has come, or a refusal,
 * because a part needs its segment and nobody can want a segment more than two ahead.
 */
export function judgeReload(edge: LiveEdge, request: LivePlaylistRequest): 'answer' | 'wait' | 'invalid' {
  const { msn, part } = request;
  if (msn === undefined) return part === undefined ? 'answer' : 'invalid';
  if (msn > edge.msn + 2) return 'invalid';
  if (msn < edge.msn) return 'answer';
  if (msn > edge.msn) return 'wait';
  if (edge.complete) return 'answer';
  return part !== undefined && part < edge.parts ? 'answer' : 'wait';
}
