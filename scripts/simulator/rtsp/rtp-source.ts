import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { FRAME_MS, FRAMES_PER_SECOND, RTP_TICKS_PER_FRAME } from '../loop-clock.ts';
import { onChannel, packetsOf, type RtpClip } from './rtp-clip.ts';

/** A client that has asked to play: where its packets go. */
export interface RtpSink {
  socket: Socket;
  /** The interleaved channel of RTP; RTCP goes on the next. */
  channel: number;
}

interface Playing extends RtpSink {
  /** Set with the first keyframe: a stream begins with one. */
  started: boolean;
}

/** A client whose unread bytes grow past this is cut off; a camera's own buffers are no larger. */
const MAX_BACKLOG_BYTES = 4 * 1024 * 1024;
const SENDER_REPORT_FRAMES = 5 * FRAMES_PER_SECOND;
/** Seconds from 1900, where NTP begins, to 1970. */
const NTP_EPOCH_SECONDS = 2_208_988_800;

/** One stream of one camera, on air: all its clients get the same packets, made once per frame. */
export class RtpSource {
  readonly clip: RtpClip;
  /** How far this camera's clock is off, in ms; it shows in the sender reports as in a real camera. */
  readonly #clockSkewMs: number;
  readonly #ssrc = randomBytes(4).readUInt32BE();
  readonly #playing = new Map<Socket, Playing>();
  #sequence = randomBytes(2).readUInt16BE();
  #packetCount = 0;
  #octetCount = 0;

  constructor(clip: RtpClip, clockSkewMs: number) {
    this.clip = clip;
    this.#clockSkewMs = clockSkewMs;
  }

  get clients(): number {
    return this.#playing.size;
  }

  get ssrc(): number {
    return this.#ssrc;
  }

  /** The client gets frames from the next keyframe on, at most one GOP later, as from most cameras. */
  play(sink: RtpSink): void {
    this.#playing.set(sink.socket, { ...sink, started: false });
  }

  pause(socket: Socket): void {
    this.#playing.delete(socket);
  }

  /** Every client waits for a keyframe again: after an interruption the frames before it could not be decoded. */
  interrupt(): void {
    for (const client of this.#playing.values()) client.started = false;
  }

  /** Sends the frame of this count since the epoch to every client. One write for each. */
  send(frameCount: number): void {
    if (this.#playing.size === 0) return;
    const frame = frameCount % this.clip.frames;
    const keyframe = this.clip.keyframes[frame] === 1;
    const timestamp = (frameCount * RTP_TICKS_PER_FRAME) % 2 ** 32;
    const { bytes, packets } = packetsOf(this.clip, frame, { sequence: this.#sequence, timestamp, ssrc: this.#ssrc });
    this.#sequence = (this.#sequence + packets) & 0xffff;
    this.#packetCount = (this.#packetCount + packets) >>> 0;
    this.#octetCount = (this.#octetCount + bytes.length - packets * 16) >>> 0;
    const report = frameCount % SENDER_REPORT_FRAMES === 0 ? this.#senderReport(frameCount, timestamp) : undefined;

    for (const client of this.#playing.values()) {
      if (!client.started && !keyframe) continue;
      if (client.socket.writableLength > MAX_BACKLOG_BYTES) {
        client.socket.destroy();
        continue;
      }
      const first = !client.started;
      client.started = true;
      if (report || first) {
        const sr = report ?? this.#senderReport(frameCount, timestamp);
        client.socket.write(onChannel(sr, client.channel + 1));
      }
      client.socket.write(onChannel(bytes, client.channel));
    }
  }

  /** RTCP sender report with an empty source description (RFC 3550 sections 6.4.1 and 6.5), interleaved. */
  #senderReport(frameCount: number, timestamp: number): Buffer {
    const seconds = (frameCount * FRAME_MS + this.#clockSkewMs) / 1000 + NTP_EPOCH_SECONDS;
    const report = Buffer.alloc(4 + 28 + 12);
    report[0] = 0x24;
    report.writeUInt16BE(report.length - 4, 2);
    report.writeUInt8(0x80, 4);
    report.writeUInt8(200, 5);
    report.writeUInt16BE(6, 6);
    report.writeUInt32BE(this.#ssrc, 8);
    report.writeUInt32BE(Math.floor(seconds) % 2 ** 32, 12);
    report.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32), 16);
    report.writeUInt32BE(timestamp, 20);
    report.writeUInt32BE(this.#packetCount, 24);
    report.writeUInt32BE(this.#octetCount, 28);
    report.writeUInt8(0x81, 32);
    report.writeUInt8(202, 33);
    report.writeUInt16BE(2, 34);
    report.writeUInt32BE(this.#ssrc, 36);
    // One empty CNAME item, then the end of the items.
    report.writeUInt8(1, 40);
    return report;
  }
}
