import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export type AudioCodec = 'pcmu' | 'aac';

/** A second of a quiet tone, cut into what one RTP packet carries; it is sent over and over. */
export interface AudioTrack {
  codec: AudioCodec;
  /** RTP clock, the same as the sample rate. */
  clockHz: number;
  samplesPerPacket: number;
  payloadType: number;
  payloads: readonly Buffer[];
  /** SDP attributes of the track, without its control address. */
  sdp: readonly string[];
}

const formats = {
  pcmu: { clockHz: 8000, samplesPerPacket: 160, payloadType: 0, sdp: ['a=rtpmap:0 PCMU/8000'] },
  // RFC 3640, section 3.3.6; config is an AudioSpecificConfig of AAC-LC, 16 kHz, one channel.
  aac: {
    clockHz: 16_000,
    samplesPerPacket: 1024,
    payloadType: 97,
    sdp: [
      'a=rtpmap:97 MPEG4-GENERIC/16000/1',
      'a=fmtp:97 streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1408',
    ],
  },
} as const;

/** Throws Error with ffmpeg's last words when the tone cannot be made. */
export async function makeAudio(codec: AudioCodec): Promise<AudioTrack> {
  const format = formats[codec];
  const output = codec === 'pcmu' ? ['-c:a', 'pcm_mulaw', '-f', 'mulaw'] : ['-c:a', 'aac', '-b:a', '32k', '-f', 'adts'];
  const tone = ['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=${format.clockHz}:duration=1.024`];
  const { stdout } = await promisify(execFile)('ffmpeg', ['-v', 'error', ...tone, '-ac', '1', ...output, '-'], {
    encoding: 'buffer',
    maxBuffer: 2 ** 20,
  });
  const payloads = codec === 'pcmu' ? slices(stdout, format.samplesPerPacket) : adtsFrames(stdout).map(accessUnit);
  return { codec, ...format, payloads };
}

/** Packets number `from` up to, but without, `to`, interleaved on channel 0. */
export function audioPackets(track: AudioTrack, from: number, to: number, sequence: number, ssrc: number): Buffer {
  const packets: Buffer[] = [];
  for (let n = from; n < to; n += 1) {
    const payload = track.payloads[n % track.payloads.length] ?? Buffer.alloc(0);
    const packet = Buffer.alloc(16 + payload.length);
    packet[0] = 0x24;
    packet.writeUInt16BE(12 + payload.length, 2);
    packet[4] = 0x80;
    packet[5] = track.payloadType | 0x80;
    packet.writeUInt16BE((sequence + n - from) & 0xffff, 6);
    packet.writeUInt32BE((n * track.samplesPerPacket) % 2 ** 32, 8);
    packet.writeUInt32BE(ssrc >>> 0, 12);
    payload.copy(packet, 16);
    packets.push(packet);
  }
  return Buffer.concat(packets);
}

function slices(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

/** Raw frames without their ADTS headers (ISO/IEC 13818-7, 6.2). */
function adtsFrames(bytes: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at + 7 <= bytes.length; ) {
    const length = ((bytes.readUInt8(at + 3) & 3) << 11) | (bytes.readUInt16BE(at + 4) >> 5);
    const header = bytes.readUInt8(at + 1) & 1 ? 7 : 9;
    frames.push(bytes.subarray(at + header, at + length));
    at += length;
  }
  return frames;
}

/** An RTP payload of one access unit: 16 bits of header length, 13 bits of size, 3 of index. */
function accessUnit(frame: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16BE(16, 0);
  header.writeUInt16BE(frame.length << 3, 2);
  return Buffer.concat([header, frame]);
}
