import { noteSignedOut } from '../api/client.ts';

/** Why an attempt ended. `refused` means that asking again will not help: the person may not watch this camera. */
export type TransportFailure = { code: string; status: number | null; refused: boolean };

/** One attempt to bring a live stream into one `<video>`. */
export interface LiveTransport {
  /** Capture time (UTC epoch ms) of the frame at media time `atS`, or of the playhead; null until it is known. */
  frameTimeMs(atS?: number): number | null;
  /** What to hold in reserve when the next part comes, in seconds. */
  readonly holdS: number;
  /** The least that was in reserve within the last second, where the transport sees that better than a look now and then; null while unknown. */
  leastAheadS?(): number | null;
  /** For the overlay of figures, where the transport knows them. */
  stats?(): { codec: string; bitsPerSecond: number };
  /** Ends all fetching, releases the decoder and empties the `<video>`. */
  destroy(): void;
}

export type LiveTransportFactory = (
  video: HTMLVideoElement,
  url: string,
  onFailed: (failure: TransportFailure) => void,
) => LiveTransport;

/** A 403 does not get better by asking again; everything else may. A 401 is the end of the session, which nobody else may have met yet. */
export function isRefusal(status: number | null): boolean {
  if (status === 401) noteSignedOut();
  return status === 403;
}
