import type { DeviceClient } from './device-client.ts';
import { OnvifError } from './errors.ts';

const maxBytes = 8_388_608;

/**
 * The still picture that a device offers at its snapshot address (ONVIF Media, section 5.5.1), which the probe has repaired. What comes is
 * looked at: many devices answer with a page that asks for a login, and say that it is a picture.
 * Errors: `OnvifError`; `malformed` with detail `not_jpeg` for anything but a whole JPEG.
 */
export async function fetchSnapshot(client: DeviceClient, url: URL): Promise<Uint8Array> {
  const picture = await client.get(url, maxBytes);
  const [first, second, third] = picture;
  const begins = first === 0xff && second === 0xd8 && third === 0xff;
  // The end may be followed by padding, as some encoders leave it.
  const ends = Buffer.from(picture.buffer, picture.byteOffset, picture.length).lastIndexOf(Buffer.from([0xff, 0xd9]));
  if (!begins || ends < 0 || picture.length - ends > 65_536) throw new OnvifError('malformed', { detail: 'not_jpeg' });
  return picture;
}
