import type { VodSnapshot } from './vod-state.ts';

/** What a screen needs to know of whatever plays recordings: one player, or several in step. */
export interface Playable {
  snapshot: () => VodSnapshot;
  subscribe: (listener: () => void) => () => void;
  /** The moment on screen (UTC epoch ms), or the one that is being fetched; null before the first. */
  mediaTimeMs: () => number | null;
}
