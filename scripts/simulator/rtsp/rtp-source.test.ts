import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClipCodec } from '../clips.ts';
import { loadRtpClip, packetsOf, type RtpClip } from './rtp-clip.ts';
import { RtpSource } from './rtp-source.ts';

/** A socket that only remembers. */
class Listener {
  writableLength = 0;
  destroyed = false;
  readonly written: Buffer[] = [];
  write(bytes: Buffer): boolean {
    this.written.push(bytes);
    return true;
  }
  destroy(): void {
    this.destroyed = true;
  }
  get socket(): Socket {
    return this as unknown as Socket;
  }
  get rtp(): Buffer[] {
    return this.written.flatMap(split).filter((packet) => (packet.readUInt8(5) & 0x7f) === 96);
  }
}

/** Payload bytes that hold no start code. */
function filler(length: number): Buffer {
  return Buffer.from(randomBytes(length).map((byte) => byte | 1));
}

const START = Buffer.from([0, 0, 0, 1]);
const NALS = {
  h264: {
    delimiter: [9, 0xf0],
    sets: [
      [0x67, 0x64, 0, 0x28],
      [0x68, 0xee],
    ],
    sei: [6, 5],
    key: [0x65],
    other: [0x41],
  },
  h265: {
    delimiter: [0x46, 1],
    sets: [
      [0x40, 1, 7],
      [0x42, 1, 7],
      [0x44, 1, 7],
    ],
    sei: [0x4e, 1],
    key: [0x26, 1],
    other: [2, 1],
  },
} as const;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rtp-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Four frames, the first and third keyframes, as a file and as the NAL units that should be sent. */
async function clipOf(codec: keyof typeof NALS): Promise<{ clip: RtpClip; sent: Buffer[][] }> {
  const kinds = NALS[codec];
  const sent: Buffer[][] = [];
  const file: Buffer[] = [];
  for (let frame = 0; frame < 4; frame++) {
    const keyframe = frame % 2 === 0;
    const slice = Buffer.concat([Buffer.from(keyframe ? kinds.key : kinds.other), filler(keyframe ? 5000 : 90)]);
    const nals = [...(keyframe ? kinds.sets.map((set) => Buffer.from(set)) : []), slice];
    sent.push(nals);
    for (const nal of [Buffer.from(kinds.delimiter), Buffer.from(kinds.sei), ...nals]) file.push(START, nal);
  }
  const path = join(directory, `clip.${codec}`);
  await writeFile(path, Buffer.concat(file));
  return { clip: await loadRtpClip({ path, width: 640, height: 360 }, codec, 4), sent };
}

function split(bytes: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt16BE(at + 2)) {
    packets.push(bytes.subarray(at, at + 4 + bytes.readUInt16BE(at + 2)));
  }
  return packets;
}

/** What a receiver makes of the packets (RFC 6184 section 5.8, RFC 7798 section 4.4.3). */
function reassemble(packets: Buffer[], codec: ClipCodec): Buffer[] {
  const nals: Buffer[] = [];
  let parts: Buffer[] = [];
  for (const packet of packets) {
    const payload = packet.subarray(16);
    const first = payload.readUInt8(0);
    const fragment = codec === 'h264' ? (first & 0x1f) === 28 : ((first >> 1) & 0x3f) === 49;
    if (!fragment) {
      nals.push(payload);
      continue;
    }
    const header = codec === 'h264' ? 1 : 2;
    const fu = payload.readUInt8(header);
    if (fu & 0x80) {
      const type = fu & 0x3f;
      parts = [
        codec === 'h264'
          ? Buffer.from([(first & 0xe0) | type])
          : Buffer.from([(first & 0x81) | (type << 1), payload.readUInt8(1)]),
      ];
    }
    parts.push(payload.subarray(header + 1));
    if (fu & 0x40) nals.push(Buffer.concat(parts));
  }
  return nals;
}

describe.each(['h264', 'h265'] as const)('packets of %s', (codec) => {
  it('carry every NAL unit but delimiters and SEI, none larger than a network takes', async () => {
    const { clip, sent } = await clipOf(codec);
    for (const [frame, nals] of sent.entries()) {
      const packets = split(packetsOf(clip, frame, { sequence: 65_534, timestamp: 7, ssrc: 9 }).bytes);
      expect(reassemble(packets, codec)).toEqual(nals);
      for (const packet of packets) expect(packet.length).toBeLessThanOrEqual(1416);
      expect(packets.map((packet) => packet.readUInt16BE(6))).toEqual(packets.map((_, n) => (65_534 + n) & 0xffff));
      expect(packets.map((packet) => packet.readUInt8(5) >> 7)).toEqual(
        packets.map((_, n) => (n === packets.length - 1 ? 1 : 0)),
      );
    }
    expect([...clip.keyframes]).toEqual([1, 0, 1, 0]);
  });
});

describe('a stream on air', () => {
  it('begins with a keyframe for each client, and has no break over the seam of the loop', async () => {
    const { clip } = await clipOf('h264');
    const source = new RtpSource(clip, 0);
    const early = new Listener();
    const late = new Listener();
    source.play({ socket: early.socket, channel: 0 });
    for (let count = 1; count < 12; count++) {
      if (count === 5) source.play({ socket: late.socket, channel: 4 });
      source.send(count);
    }
    const stamps = (listener: Listener) => [...new Set(listener.rtp.map((packet) => packet.readUInt32BE(8)))];
    expect(stamps(early)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((count) => count * 3600));
    expect(stamps(late)[0]).toBe(6 * 3600);
    const numbers = early.rtp.map((packet) => packet.readUInt16BE(6));
    expect(numbers).toEqual(numbers.map((_, n) => ((numbers[0] ?? 0) + n) & 0xffff));
    expect(new Set(late.rtp.map((packet) => packet.readUInt8(1)))).toEqual(new Set([4]));
    expect(late.written[0]?.readUInt8(1)).toBe(5);
  });

  it('drops a client that does not read', async () => {
    const { clip } = await clipOf('h264');
    const source = new RtpSource(clip, 0);
    const [deaf, other] = [new Listener(), new Listener()];
    deaf.writableLength = 5 * 1024 * 1024;
    source.play({ socket: deaf.socket, channel: 0 });
    source.play({ socket: other.socket, channel: 0 });
    source.send(0);
    expect([deaf.destroyed, deaf.written.length, other.destroyed]).toEqual([true, 0, false]);
    expect(other.rtp.length).toBeGreaterThan(0);
  });

  it('goes on with a keyframe after an interruption', async () => {
    const { clip } = await clipOf('h264');
    const source = new RtpSource(clip, 0);
    const listener = new Listener();
    source.play({ socket: listener.socket, channel: 0 });
    source.send(0);
    source.interrupt();
    source.send(5);
    source.send(6);
    expect(new Set(listener.rtp.map((packet) => packet.readUInt32BE(8)))).toEqual(new Set([0, 6 * 3600]));
  });
});
