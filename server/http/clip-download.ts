import type { Clip } from '../recorder/recorder.ts';

/** Headers stay small enough for every client; what is left out shows in `x-missing-ms`. */
const mostMissing = 60;

/** What a clip says of itself beside its bytes. `x-missing` is a JSON list of `{fromMs, toMs, reason}`, at most 60 of them. */
export function clipHeaders(clip: Omit<Clip, 'bytes' | 'discard'>, fileName: string): Record<string, string> {
  return {
    'content-disposition': `attachment; filename="${fileName}"`,
    'content-length': String(clip.totalBytes),
    'x-clip-from': String(clip.fromMs),
    'x-clip-to': String(clip.toMs),
    'x-clip-duration-ms': String(clip.durationMs),
    'x-reencoded': clip.reencoded,
    'x-missing': JSON.stringify(clip.missing.slice(0, mostMissing)),
    'x-missing-ms': String(clip.missing.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)),
  };
}

/** `<camera>-<date>-<time>-<time>.mp4` in the city's time, of characters that every file system and header takes. */
export function clipFileName(cameraName: string, fromMs: number, toMs: number): string {
  const plain = cameraName
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('đ', 'd')
    .replaceAll('Đ', 'D')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  const at = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(Math.floor(ms)).toZonedDateTimeISO('Asia/Ho_Chi_Minh');
  const time = (ms: number) => at(ms).toPlainTime().toString({ smallestUnit: 'second' }).replaceAll(':', '');
  const date = at(fromMs).toPlainDate().toString().replaceAll('-', '');
  return `${plain || 'camera'}-${date}-${time(fromMs)}-${time(toMs)}.mp4`;
}
