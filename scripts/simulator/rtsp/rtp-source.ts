import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { FRAME_MS, FRAMES_PER_SECOND, RTP_TICKS_PER_FRAME } from '../loop-clock.ts';
import { type AudioTrack, audioPackets } from './rtp-audio.ts';
import { onChannel, packetsOf, type RtpClip } from './rtp-clip.ts';
import { FrameCursor, noise, type StreamQuirks, spoilPayloads } from './stream-quirks.ts';

/** A client that has asked to play: where its packets go. */
export interface RtpSink {
  socket: Socket;
  /** The interleaved channel of RTP; RTCP goes on the next. */
  channel: number;
  /** That of the sound, where the client asked for it. */
  audioChannel?: number;
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
  quirks: StreamQuirks = {};
  readonly audio: AudioTrack | null;
  #clip: RtpClip;
  /** What comes on air with its next keyframe. */
  #nextClip: RtpClip | null = null;
  readonly #cursor = new FrameCursor();
  #audioSent: number | null = null;
  #audioSequence = 0;
  /** How far this camera's clock is off, in ms; it shows in the sender reports as in a real camera. */
  readonly #clockSkewMs: number;
  readonly #ssrc = randomBytes(4).readUInt32BE();
  readonly #playing = new Map<Socket, Playing>();
  #sequence = randomBytes(2).readUInt16BE();
  #packetCount = 0;
  #octetCount = 0;

  constructor(clip: RtpClip, clockSkewMs: number, audio: AudioTrack | null = null) {
    this.#clip = clip;
    this.audio = audio;
    this.#clockSkewMs = clockSkewMs;
  }

  get clip(): RtpClip {
    return this.#clip;
  }

  /** Another picture from its next keyframe on, in the same session, as when somebody changes the resolution. */
  change(clip: RtpClip): void {
    this.#nextClip = clip;
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
    this.#takeNextClip(frameCount);
    if (this.#playing.size === 0) return;
    const { quirks, clip } = this;
    const cameraTick = this.#cursor.cameraTick(frameCount, FRAMES_PER_SECOND, quirks);
    if (this.audio !== null) this.#sendAudio(this.audio, cameraTick);
    const frame = this.#cursor.frameAt(frameCount, clip.keyframes, quirks);
    if (frame === null) return;
    const keyframe = clip.keyframes[frame] === 1;
    const shownTick = cameraTick + (clip.shownLater[frame] ?? 0);
    const timestamp = Math.round(shownTick * RTP_TICKS_PER_FRAME) % 2 ** 32;
    const { bytes, packets } = packetsOf(clip, frame, { sequence: this.#sequence, timestamp, ssrc: this.#ssrc });
    if (quirks.garbage === 'payload') spoilPayloads(bytes, frameCount);
    this.#sequence = (this.#sequence + packets) & 0xffff;
    this.#packetCount = (this.#packetCount + packets) >>> 0;
    this.#octetCount = (this.#octetCount + bytes.length - packets * 16) >>> 0;
    const report = frameCount % SENDER_REPORT_FRAMES === 0 ? this.#senderReport(frameCount, timestamp) : undefined;

    for (const client of this.#playing.values()) {
      if (!client.started && !keyframe && !quirks.startsAnywhere) continue;
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
      if (quirks.garbage === 'between') client.socket.write(noise(100 + (frameCount % 900), frameCount));
      client.socket.write(onChannel(bytes, client.channel));
    }
  }

  #takeNextClip(frameCount: number): void {
    const next = this.#nextClip;
    if (next === null || next.keyframes[frameCount % next.frames] !== 1) return;
    this.#clip = next;
    this.#nextClip = null;
  }

  /** Sound up to the tick; it begins where the first frame does. */
  #sendAudio(audio: AudioTrack, cameraTick: number): void {
    const dueSample = Math.floor((cameraTick / FRAMES_PER_SECOND) * audio.clockHz);
    this.#audioSent ??= Math.floor(dueSample / audio.samplesPerPacket);
    const due = Math.floor(dueSample / audio.samplesPerPacket);
    // After a jump of the camera's clock the sound jumps too.
    if (Math.abs(due - this.#audioSent) > 100) this.#audioSent = due;
    const packets = audioPackets(audio, this.#audioSent, due, this.#audioSequence, this.#ssrc ^ 1);
    this.#audioSequence = (this.#audioSequence + due - this.#audioSent) & 0xffff;
    this.#audioSent = Math.max(due, this.#audioSent);
    if (packets.length === 0) return;
    for (const { socket, audioChannel } of this.#playing.values()) {
      if (audioChannel !== undefined) socket.write(onChannel(packets, audioChannel));
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
