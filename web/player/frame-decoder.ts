import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';

/** Thrown where the browser has no WebCodecs or does not decode this codec: a picture must then come from the server. */
export class UndecodableError extends Error {}

let decoder: VideoDecoder | null = null;
let configured = '';
let arrived: ((frame: VideoFrame) => void) | null = null;
let broken: unknown = null;
let queue: Promise<unknown> = Promise.resolve();

/**
 * The picture of a keyframe: `bytes` are an init and the fragment that starts with it. One decoder serves all, one after another.
 * The caller closes the bitmap. Errors: `UndecodableError`, or what the decoder says.
 */
export function decodeKeyframe(bytes: ArrayBuffer): Promise<ImageBitmap> {
  const picture = queue.then(() => decode(bytes));
  queue = picture.catch(() => undefined);
  return picture;
}

async function decode(bytes: ArrayBuffer): Promise<ImageBitmap> {
  if (typeof VideoDecoder === 'undefined') throw new UndecodableError();
  const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  try {
    const track = await input.getPrimaryVideoTrack();
    const config = await track?.getDecoderConfig();
    const packet = track ? await new EncodedPacketSink(track).getFirstPacket() : null;
    if (!config || !packet) throw new UndecodableError();
    await configure(config);
    const frame = await new Promise<VideoFrame>((resolve, reject) => {
      arrived = resolve;
      decoder?.decode(packet.toEncodedVideoChunk());
      decoder?.flush().then(() => reject(new UndecodableError()), reject);
    });
    const picture = await createImageBitmap(frame);
    frame.close();
    return picture;
  } finally {
    arrived = null;
    input.dispose();
  }
}

async function configure(config: VideoDecoderConfig): Promise<void> {
  const { description } = config;
  const about = description ? [...new Uint8Array(description as ArrayBuffer)].join() : '';
  const name = `${config.codec} ${config.codedWidth}x${config.codedHeight} ${about}`;
  if (decoder?.state === 'configured' && name === configured && broken === null) return;
  if (!(await VideoDecoder.isConfigSupported(config)).supported) throw new UndecodableError();
  if (decoder?.state === 'closed' || decoder === null) {
    decoder = new VideoDecoder({
      output: (frame) => {
        if (arrived) arrived(frame);
        else frame.close();
        arrived = null;
      },
      error: (error) => {
        broken = error;
      },
    });
  }
  broken = null;
  decoder.configure({ ...config, optimizeForLatency: true });
  configured = name;
}
