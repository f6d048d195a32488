import { describe, expect, it } from 'vitest';
import { FrameCursor, noise, spoilPayloads } from './stream-quirks.ts';

const keyframes = Uint8Array.from({ length: 100 }, (_, i) => (i % 25 === 0 ? 1 : 0));
const framesOf = (ticks: number[], quirks: object, cursor = new FrameCursor()) =>
  ticks.map((tick) => cursor.frameAt(tick, keyframes, quirks));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('what goes wrong in a stream', () => {
  it('repeats the GOP at hand from its keyframe on, and goes on where the clip is', () => {
    const cursor = new FrameCursor();
    expect(framesOf(range(20, 80), { stillPicture: true }, cursor)).toEqual([
      ...range(20, 50),
      ...range(25, 50),
      ...range(25, 30),
    ]);
    expect(framesOf([80, 81], {}, cursor)).toEqual([80, 81]);
  });

  it('leaves no frame of the clip out when the rate is uneven', () => {
    const sent = framesOf(range(0, 300), { unevenRate: true }).filter((frame) => frame !== null);
    expect(sent.length).toBeLessThan(200);
    expect(sent).toEqual(sent.map((_, i) => i % 100));
  });

  it('moves, stops and bends the time of the camera', () => {
    const cursor = new FrameCursor();
    expect(cursor.cameraTick(100, 25, { timestampShiftMs: 2000 })).toBe(150);
    expect(range(100, 103).map((tick) => cursor.cameraTick(tick, 25, { timestampsStand: true }))).toEqual([
      100, 100, 100,
    ]);
    cursor.cameraTick(1000, 25, { clockRate: 1.1 });
    expect(cursor.cameraTick(1100, 25, { clockRate: 1.1 })).toBeCloseTo(1110);
  });

  it('spoils payloads and leaves every header whole', () => {
    const packet = Buffer.alloc(4 + 12 + 20, 7);
    packet.writeUInt16BE(32, 2);
    const packets = Buffer.concat([packet, packet, packet]);
    const before = Buffer.from(packets);
    spoilPayloads(packets, 0);
    const changed = range(0, packets.length).filter((i) => packets[i] !== before[i]);
    expect(changed.length).toBeGreaterThan(10);
    expect(changed.every((i) => i >= 16 && i < 36)).toBe(true);
    expect(noise(5000, 3)).not.toContain(0x24);
  });
});
