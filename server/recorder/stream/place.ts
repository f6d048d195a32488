import type { RecorderSource } from '../recorder.ts';
import type { FailureCause } from './failure.ts';

/** Where a camera's host is to be connected to now: a number that was looked up and found allowed. Never rejects. */
export type FindHost = (hostname: string) => Promise<{ address: string } | { cause: FailureCause }>;

/**
 * The source with the number in the place of its host's name, or why there is none. ffmpeg would look the name up once more by itself, and
 * might be told another address than the one that was found allowed.
 */
export async function placeOf(
  source: RecorderSource,
  findHost: FindHost | undefined,
): Promise<{ source: RecorderSource } | { cause: FailureCause }> {
  if (!findHost) return { source };
  const url = new URL(source.url);
  const found = await findHost(url.hostname);
  if ('cause' in found) return found;
  url.hostname = found.address.includes(':') ? `[${found.address}]` : found.address;
  return { source: { ...source, url: url.href } };
}
