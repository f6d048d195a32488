import { mediaPaths } from '../../server/contracts/media.ts';

/** H.265 as cameras send it: main profile, level 4. */
const usualH265 = 'hvc1.1.6.L120.90';

/** Whether this browser decodes a codec, e.g. `avc1.64001f`. */
export function canDecode(codecString: string): boolean {
  const type = `video/mp4; codecs="${codecString}"`;
  const source = globalThis.MediaSource;
  if (source !== undefined) return source.isTypeSupported(type);
  return document.createElement('video').canPlayType(type) !== '';
}

/**
 * The address of the same media in a codec that this browser decodes: as it is, or as H.264. While the codec is not known (recordings of
 * another day, a stream that has just begun) a browser without H.265 asks for H.264; the server leaves alone what is H.264 already.
 */
export function decodable(path: string, codecString: string | null, decodes = canDecode): string {
  return decodes(codecString ?? usualH265) ? path : mediaPaths.asH264(path);
}
