import type { StreamName } from '../../contracts/common.ts';

/**
 * The one place that encodes and decodes where a recording file lies:
 * `<camera id>/<main|sub>/<YYYY-MM-DD>/<HH>/<start as UTC epoch ms>.mp4`, date and hour in UTC.
 */
export interface RecordingName {
  cameraId: string;
  stream: StreamName;
  startMs: number;
}

const cameraPattern = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const filePattern = /^(0|[1-9]\d{0,14})\.mp4$/;

export function isCameraId(text: string): boolean {
  return cameraPattern.test(text);
}

/** File name alone. */
export function recordingFileName(startMs: number): string {
  return `${startMs}.mp4`;
}

/** The start of the file in UTC epoch ms, or null when the name is none of ours. */
export function parseFileName(name: string): number | null {
  const match = filePattern.exec(name);
  return match === null ? null : Number(match[1]);
}

/** Below the archive, without the file. */
export function hourDirectory({ cameraId, stream, startMs }: RecordingName): string {
  const [date, time] = new Date(startMs).toISOString().split('T');
  return `${cameraId}/${stream}/${date}/${time?.slice(0, 2)}`;
}

export function recordingPath(name: RecordingName): string {
  return `${hourDirectory(name)}/${recordingFileName(name.startMs)}`;
}

/** What a path below the archive says, or null when it is not exactly what `recordingPath` would have written. */
export function parseRecordingPath(path: string): RecordingName | null {
  const [cameraId, stream, , , file, ...rest] = path.split('/');
  if (cameraId === undefined || file === undefined || rest.length > 0 || !isCameraId(cameraId)) return null;
  if (stream !== 'main' && stream !== 'sub') return null;
  const startMs = parseFileName(file);
  if (startMs === null) return null;
  const name: RecordingName = { cameraId, stream, startMs };
  return recordingPath(name) === path ? name : null;
}
