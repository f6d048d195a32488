/** From 1900, where NTP counts from, to 1970. */
const ntpEpochMs = 2_208_988_800_000;
/** The time is that of capture (ISO/IEC 14496-12, section 8.16.5.3). */
const timeOfCapture = 24;

export const producerTimeBytes = 32;

/**
 * A producer reference time box (`prft`, version 1, ISO/IEC 14496-12 section 8.16.5) to stand right before a fragment: the frame at
 * `mediaTime` (units of the track) was captured at `atMs` (UTC epoch ms).
 */
export function producerTime(trackId: number, atMs: number, mediaTime: number): Buffer {
  const box = Buffer.alloc(producerTimeBytes);
  box.writeUInt32BE(producerTimeBytes, 0);
  box.write('prft', 4, 'latin1');
  box.writeUInt32BE((1 << 24) | timeOfCapture, 8);
  box.writeUInt32BE(trackId, 12);
  const ntpMs = atMs + ntpEpochMs;
  const seconds = Math.floor(ntpMs / 1000);
  box.writeUInt32BE(seconds % 2 ** 32, 16);
  box.writeUInt32BE(Math.floor(((ntpMs - seconds * 1000) / 1000) * 2 ** 32), 20);
  box.writeBigUInt64BE(BigInt(Math.max(0, Math.round(mediaTime))), 24);
  return box;
}
