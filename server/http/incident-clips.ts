import { LRUCache } from 'lru-cache';
import type { StreamName } from '../contracts/common.ts';
import type { IncidentSummary } from '../contracts/incidents.ts';
import { AppError } from '../platform/errors.ts';
import type { ByteRange, Recorder } from '../recorder/recorder.ts';
import { isTranscodedName, isWithin, rangesOf } from './incident-clip.ts';

/** The footage of incidents, and which bytes of it are theirs. */
export class IncidentClips {
  readonly #recorder: Recorder;
  readonly #clips = new LRUCache<string, Map<string, ByteRange[]>>({ max: 500, ttl: 30_000 });

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  /** The recorded stretch of an incident; the main stream, or the sub stream where the main one has nothing. */
  async playlist(incident: IncidentSummary, as?: 'h264'): Promise<{ stream: StreamName; playlist: string }> {
    const of = async (stream: StreamName) => ({
      stream,
      playlist: await this.#recorder.vodPlaylist(incident.cameraId, stream, incident.fromMs, incident.toMs, as),
    });
    try {
      return await of('main');
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'not_found') throw error;
      return of('sub');
    }
  }

  /** Whether a reader of the incident may fetch these bytes of a file. */
  async holds(incident: IncidentSummary, stream: StreamName, file: string, asked: ByteRange): Promise<boolean> {
    const as = isTranscodedName(file) ? 'h264' : undefined;
    const key = `${incident.id} ${stream} ${as ?? ''}`;
    const known = this.#clips.get(key)?.get(file);
    if (known !== undefined && isWithin(asked, known)) return true;
    // A clip whose end was still to come grows.
    const playlist = await this.#recorder.vodPlaylist(incident.cameraId, stream, incident.fromMs, incident.toMs, as);
    const ranges = rangesOf(playlist);
    this.#clips.set(key, ranges);
    return isWithin(asked, ranges.get(file) ?? []);
  }
}
