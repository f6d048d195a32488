import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Camera } from '../../../server/contracts/cameras.ts';
import type { Timeline as Recording } from '../../../server/contracts/timeline.ts';
import { timelineQuery } from '../../api/cameras.ts';
import { DAY_MS } from '../../components/time.ts';
import { useVodSnapshot } from '../../player/use-moment.ts';
import type { VodDeck } from '../../player/vod-deck.ts';
import { shuttle } from '../../player/vod-policy.ts';
import type { PlaybackCommand } from './playback-keys.ts';
import { zoom } from './timeline-scale.ts';
import { stepGapEnd, stepIncident } from './track-layout.ts';
import { recordedStream } from './use-tracks.ts';
import type { ViewStore } from './view-store.ts';

export type Marks = { inMs: number | null; outMs: number | null };

type Options = {
  deck: VodDeck | null;
  views: ViewStore;
  camera: Camera | undefined;
  recording: Recording | undefined;
  seek: (ms: number) => void;
  onTrack: (track: number) => void;
  onEnlarge: (enlarged?: boolean) => void;
  onFlag: (stretch?: { fromMs: number; toMs: number }) => void;
  onClip: () => void;
  onGoTo: () => void;
  onLive: () => void;
};

/** Incidents and gaps are looked for so far beyond the days that are at hand. */
const FAR_MS = 31 * DAY_MS;

/** What keys and buttons do, and the stretch that is marked. */
export function usePlaybackCommands(options: Options) {
  const { deck, views, camera, recording, seek } = options;
  const client = useQueryClient();
  const [marks, setMarks] = useState<Marks>({ inMs: null, outMs: null });
  const snapshot = useVodSnapshot(deck);
  const marked = marks.inMs !== null && marks.outMs !== null ? { fromMs: marks.inMs, toMs: marks.outMs } : undefined;

  /** A step within what is at hand, or else within a month from there. */
  const step = async (at: number, direction: 1 | -1, find: (within: Recording) => number | null) => {
    const near = recording ? find(recording) : null;
    if (near !== null) return seek(near);
    if (!camera) return;
    const [fromMs, toMs] = direction === 1 ? [at, Math.min(Date.now(), at + FAR_MS)] : [at - FAR_MS, at];
    if (toMs <= fromMs) return;
    const query = timelineQuery(camera.id, recordedStream(camera), Math.floor(fromMs), Math.ceil(toMs));
    const far = await client.fetchQuery(query).catch(() => null);
    const found = far ? find(far) : null;
    if (found !== null) seek(found);
  };

  const act = (command: PlaybackCommand) => {
    const at = deck?.mediaTimeMs() ?? null;
    switch (command.kind) {
      case 'toggle':
        if (snapshot.playing) deck?.pause();
        else deck?.play();
        break;
      case 'shuttle': {
        const rate = shuttle(command.key, snapshot.playing ? snapshot.rate : 0);
        if (rate === 0) deck?.pause();
        else deck?.play(rate);
        break;
      }
      case 'frame':
        deck?.stepFrame(command.direction);
        break;
      case 'skip':
        if (at !== null) seek(at + command.byMs);
        break;
      case 'incident':
        if (at !== null)
          void step(
            at,
            command.direction,
            ({ incidents }) => stepIncident(incidents, at, command.direction)?.atMs ?? null,
          );
        break;
      case 'gapEnd':
        if (at !== null)
          void step(at, command.direction, ({ recorded }) => stepGapEnd(recorded, at, command.direction));
        break;
      case 'zoom':
        views.set((old) =>
          zoom(
            old,
            command.factor,
            at !== null && at >= old.fromMs && at <= old.toMs ? at : (old.fromMs + old.toMs) / 2,
          ),
        );
        break;
      case 'track':
        options.onTrack(command.track);
        break;
      case 'enlarge':
        options.onEnlarge();
        break;
      case 'markIn':
        if (at !== null)
          setMarks(({ outMs }) => ({ inMs: at, outMs: outMs !== null && outMs > at + 1_000 ? outMs : null }));
        break;
      case 'markOut':
        if (at !== null)
          setMarks(({ inMs }) => ({ inMs: inMs !== null && inMs < at - 1_000 ? inMs : null, outMs: at }));
        break;
      case 'back':
        if (marks.inMs === null && marks.outMs === null) options.onEnlarge(false);
        else setMarks({ inMs: null, outMs: null });
        break;
      case 'flag':
        // The moment on screen counts; a stretch that was marked elsewhere is flagged by its own button.
        options.onFlag(marked && at !== null && marked.fromMs <= at && at <= marked.toMs ? marked : undefined);
        break;
      case 'export':
        if (marked) options.onClip();
        break;
      case 'goTo':
        options.onGoTo();
        break;
      case 'live':
        options.onLive();
    }
  };
  return { act, marks, marked, clearMarks: () => setMarks({ inMs: null, outMs: null }) };
}
