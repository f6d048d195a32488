import type { FootageFailure } from './vod-footage.ts';
import type { Span } from './vod-policy.ts';

/** ended: nothing more is recorded (yet) · no_footage: nothing is recorded from there on · failed: see `failure`. */
export type VodState = 'idle' | 'loading' | 'playing' | 'paused' | 'ended' | 'no_footage' | 'failed';

export type VodSnapshot = {
  state: VodState;
  /** Wished speed; kept while paused. Negative is backwards, where something can play backwards. */
  rate: number;
  /** Whether it plays, or will as soon as it can. */
  playing: boolean;
  /** The last gap that was leapt over, and when that was; for a word on the picture. */
  crossed: (Span & { shownAtMs: number }) | null;
  failure: FootageFailure | null;
  /** Plays the other stream, since the wanted one has nothing of that time. */
  substitute?: boolean;
  /** Whether the footage has sound; missing until that is known. */
  sound?: boolean;
};

type UrlFor = (fromMs: number, toMs: number) => string;

export type VodPlayerOptions = {
  /** A fixed playlist (a clip), or one asked for window by window; of another stream where the first has nothing. */
  source: { url: string } | { urlFor: UrlFor; substituteFor?: UrlFor | undefined };
  testId?: string;
  now?: () => number;
};
