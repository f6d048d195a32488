import { readFile } from 'node:fs/promises';
import type { ClipCodec, ClipStreamFile } from '../clips.ts';
import { accessUnits, isParameterSet } from './annexb.ts';
import { jpegPayloads, jpegScan, jpegsOf } from './rtp-jpeg.ts';

/** The largest RTP payload: an interleaved packet then fits a usual network's MTU, as a camera's packets do. */
const MAX_PAYLOAD_BYTES = 1400;
const INTERLEAVED_HEADER_BYTES = 4;
const RTP_HEADER_BYTES = 12;
const HEADERS_BYTES = INTERLEAVED_HEADER_BYTES + RTP_HEADER_BYTES;
const PAYLOAD_TYPES = { h264: 96, h265: 96, mjpeg: 26 } as const;
const MARKER = 0x80;

/**
 * One loop of a stream as interleaved RTP packets (RFC 2326 10.12, RFC 6184, RFC 7798, RFC 2435), made once. Sequence number,
 * timestamp and SSRC are zero in it: `packetsOf` fills them into a copy of one frame.
 */
export interface RtpClip {
  codec: ClipCodec;
  width: number;
  height: number;
  frames: number;
  /** Frame n is `packets[frameOffsets[n] … frameOffsets[n + 1]]`. */
  packets: Buffer;
  frameOffsets: Uint32Array;
  keyframes: Uint8Array;
  /** By how many frames frame n is shown later than it is sent (negative: earlier); B-frames follow the frame that is shown after them. */
  shownLater: Int8Array;
  /** Where frame n begins in the file it was read from; the file's length at the end. */
  fileOffsets: Uint32Array;
  path: string;
  payloadType: number;
  /** The value of SDP's `a=fmtp` for this stream, without the payload type; null where SDP need say nothing. */
  fmtp: string | null;
}

/** Reads a clip of Annex B access units or of JPEGs. Throws Error when the file does not hold the frames it should. */
export async function loadRtpClip(
  file: ClipStreamFile,
  codec: ClipCodec,
  loopFrames: number,
  bFrames = 0,
): Promise<RtpClip> {
  const bytes = await readFile(file.path);
  if (codec === 'mjpeg') return jpegClip(file, bytes, loopFrames);
  const units = accessUnits(bytes, codec);
  if (units.length !== loopFrames) throw new Error(`${file.path}: ${units.length} frames instead of ${loopFrames}`);

  const frameOffsets = new Uint32Array(units.length + 1);
  const fileOffsets = new Uint32Array(units.length + 1);
  const keyframes = new Uint8Array(units.length);
  const parameterSets = new Map<number, Buffer>();
  const packets = Buffer.alloc(units.reduce((sum, { nals }) => sum + packetisedLength(nals, codec), 0));
  let length = 0;
  units.forEach((unit, index) => {
    fileOffsets[index] = unit.offset;
    keyframes[index] = unit.keyframe ? 1 : 0;
    unit.nals.forEach((nal, n) => {
      if (isParameterSet(nal, codec)) parameterSets.set(nalType(nal, codec), nal);
      length = packetise(nal, codec, n === unit.nals.length - 1, packets, length);
    });
    frameOffsets[index + 1] = length;
  });
  fileOffsets[units.length] = bytes.length;
  return {
    codec,
    width: file.width,
    height: file.height,
    frames: units.length,
    packets,
    frameOffsets,
    keyframes,
    shownLater: Int8Array.from(keyframes, (_, frame) => shownLater(frame, keyframes, bFrames)),
    fileOffsets,
    path: file.path,
    payloadType: PAYLOAD_TYPES[codec],
    fmtp: fmtpOf(codec, parameterSets),
  };
}

function jpegClip(file: ClipStreamFile, bytes: Buffer, loopFrames: number): RtpClip {
  const jpegs = jpegsOf(bytes);
  if (jpegs.length !== loopFrames) throw new Error(`${file.path}: ${jpegs.length} frames instead of ${loopFrames}`);
  const frameOffsets = new Uint32Array(loopFrames + 1);
  const packets: Buffer[] = [];
  let length = 0;
  for (const [index, { jpeg }] of jpegs.entries()) {
    const payloads = jpegPayloads(jpegScan(jpeg), MAX_PAYLOAD_BYTES);
    for (const [n, payload] of payloads.entries()) {
      const packet = Buffer.alloc(HEADERS_BYTES + payload.length);
      payload.copy(packet, writeHeaders(packet, 0, payload.length, n === payloads.length - 1, 'mjpeg'));
      packets.push(packet);
      length += packet.length;
    }
    frameOffsets[index + 1] = length;
  }
  return {
    codec: 'mjpeg',
    width: file.width,
    height: file.height,
    frames: loopFrames,
    packets: Buffer.concat(packets),
    frameOffsets,
    keyframes: new Uint8Array(loopFrames).fill(1),
    shownLater: new Int8Array(loopFrames),
    fileOffsets: Uint32Array.from([...jpegs.map(({ offset }) => offset), bytes.length]),
    path: file.path,
    payloadType: PAYLOAD_TYPES.mjpeg,
    fmtp: null,
  };
}

/** After a keyframe come groups of one frame and the B-frames that are shown before it. */
function shownLater(frame: number, keyframes: Uint8Array, bFrames: number): number {
  const inGop = frame - keyframes.lastIndexOf(1, frame);
  if (bFrames === 0 || inGop === 0) return 0;
  return (inGop - 1) % (bFrames + 1) === 0 ? bFrames : -1;
}

export interface RtpFields {
  sequence: number;
  timestamp: number;
  ssrc: number;
}

/** A copy of one frame's packets with the fields filled in, on interleaved channel 0, and how many packets it is. */
export function packetsOf(clip: RtpClip, frame: number, fields: RtpFields): { bytes: Buffer; packets: number } {
  const bytes = Buffer.from(clip.packets.subarray(clip.frameOffsets[frame], clip.frameOffsets[frame + 1]));
  let packets = 0;
  for (let offset = 0; offset < bytes.length; packets++) {
    bytes.writeUInt16BE((fields.sequence + packets) & 0xffff, offset + 6);
    bytes.writeUInt32BE(fields.timestamp, offset + 8);
    bytes.writeUInt32BE(fields.ssrc, offset + 12);
    offset += INTERLEAVED_HEADER_BYTES + bytes.readUInt16BE(offset + 2);
  }
  return { bytes, packets };
}

/** The same packets on another interleaved channel. */
export function onChannel(bytes: Buffer, channel: number): Buffer {
  if (channel === 0) return bytes;
  const copy = Buffer.from(bytes);
  for (let offset = 0; offset < copy.length; offset += INTERLEAVED_HEADER_BYTES + copy.readUInt16BE(offset + 2)) {
    copy[offset + 1] = channel;
  }
  return copy;
}

function packetisedLength(nals: readonly Buffer[], codec: ClipCodec): number {
  return nals.reduce((sum, nal) => {
    if (nal.length <= MAX_PAYLOAD_BYTES) return sum + HEADERS_BYTES + nal.length;
    const { nalHeaderBytes, stepBytes } = fragmentation(codec);
    const payload = nal.length - nalHeaderBytes;
    return sum + payload + Math.ceil(payload / stepBytes) * (HEADERS_BYTES + nalHeaderBytes + 1);
  }, 0);
}

/** In a fragmentation unit the NAL header is taken apart, and its type moves into a FU header of one byte. */
function fragmentation(codec: ClipCodec): { nalHeaderBytes: number; stepBytes: number } {
  const nalHeaderBytes = codec === 'h264' ? 1 : 2;
  return { nalHeaderBytes, stepBytes: MAX_PAYLOAD_BYTES - nalHeaderBytes - 1 };
}

/** Writes the packets of one NAL unit at `at`, and gives the place after them. */
function packetise(nal: Buffer, codec: ClipCodec, lastOfFrame: boolean, target: Buffer, at: number): number {
  if (nal.length <= MAX_PAYLOAD_BYTES) {
    const payload = writeHeaders(target, at, nal.length, lastOfFrame, codec);
    return payload + nal.copy(target, payload);
  }
  const { nalHeaderBytes, stepBytes } = fragmentation(codec);
  let place = at;
  for (let offset = nalHeaderBytes; offset < nal.length; offset += stepBytes) {
    const end = Math.min(nal.length, offset + stepBytes);
    const start = offset === nalHeaderBytes ? 0x80 : 0;
    const stop = end === nal.length ? 0x40 : 0;
    place = writeHeaders(target, place, nalHeaderBytes + 1 + end - offset, lastOfFrame && stop !== 0, codec);
    if (codec === 'h264') {
      target[place] = (nal.readUInt8(0) & 0xe0) | 28;
    } else {
      target[place] = (nal.readUInt8(0) & 0x81) | (49 << 1);
      target[place + 1] = nal.readUInt8(1);
    }
    target[place + nalHeaderBytes] = start | stop | nalType(nal, codec);
    place += nalHeaderBytes + 1;
    place += nal.copy(target, place, offset, end);
  }
  return place;
}

/** The interleaved and the RTP header; gives the place of the payload. */
function writeHeaders(target: Buffer, at: number, payloadBytes: number, marker: boolean, codec: ClipCodec): number {
  target[at] = 0x24;
  target.writeUInt16BE(RTP_HEADER_BYTES + payloadBytes, at + 2);
  target[at + 4] = 0x80;
  target[at + 5] = PAYLOAD_TYPES[codec] | (marker ? MARKER : 0);
  return at + HEADERS_BYTES;
}

function nalType(nal: Buffer, codec: ClipCodec): number {
  return codec === 'h264' ? nal.readUInt8(0) & 0x1f : (nal.readUInt8(0) >> 1) & 0x3f;
}

/** RFC 6184 section 8.2.1 and RFC 7798 section 7.2.1. */
function fmtpOf(codec: ClipCodec, sets: ReadonlyMap<number, Buffer>): string {
  const base64 = (type: number): string => {
    const set = sets.get(type);
    if (!set) throw new Error(`the clip carries no parameter set of type ${type}`);
    return set.toString('base64');
  };
  if (codec === 'h265') return `sprop-vps=${base64(32)};sprop-sps=${base64(33)};sprop-pps=${base64(34)}`;
  const profile = sets.get(7)?.subarray(1, 4).toString('hex').toUpperCase();
  return `packetization-mode=1;profile-level-id=${profile};sprop-parameter-sets=${base64(7)},${base64(8)}`;
}
