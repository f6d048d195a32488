import { describe, expect, it } from 'vitest';
import { decodeFrameNumber, encodeFrameNumber, frameStrip, rgbaLuma, stripLuma, stripRect } from './frame-strip.ts';

/** A grey picture with the strip of this frame in its corner. */
function picture(frame: number, width: number, height: number, change: (luma: number) => number = (luma) => luma) {
  const rect = stripRect(width, height);
  const strip = stripLuma(frame, rect.block);
  return (x: number, y: number): number => {
    const inside = x < rect.width && y >= rect.y;
    return change(inside ? (strip[(y - rect.y) * rect.width + x] ?? 0) : 128);
  };
}

describe('the frame-number strip', () => {
  it('lies in the bottom left corner, with blocks of 24 px in main and 8 px in sub', () => {
    expect(stripRect(1920, 1080)).toEqual({ x: 0, y: 1056, width: 576, height: 24, block: 24 });
    expect(stripRect(640, 360)).toEqual({ x: 0, y: 352, width: 192, height: 8, block: 8 });
  });

  it('gives every frame number back, from main and from sub', () => {
    for (let frame = 0; frame <= frameStrip.maxFrame; frame += 257) {
      expect(decodeFrameNumber(picture(frame, 1920, 1080), 1920, 1080)).toBe(frame);
      expect(decodeFrameNumber(picture(frame, 640, 360), 640, 360)).toBe(frame);
    }
  });

  it('survives a pale picture and noise', () => {
    let state = 7;
    const noise = () => {
      state = (state * 16807) % 2147483647;
      return (state % 41) - 20;
    };
    const pale = picture(1234, 640, 360, (luma) => 70 + luma * 0.5 + noise());
    expect(decodeFrameNumber(pale, 640, 360)).toBe(1234);
  });

  it('finds nothing in a picture without a strip', () => {
    for (const level of [0, 128, 255]) expect(decodeFrameNumber(() => level, 1920, 1080)).toBeUndefined();
  });

  it('believes no number in which one block is wrong', () => {
    for (let wrong = 0; wrong < frameStrip.blocks; wrong++) {
      const good = picture(777, 640, 360);
      const bad = (x: number, y: number): number => {
        const luma = good(x, y);
        return Math.floor(x / 8) === wrong && y >= 352 ? 249 - luma : luma;
      };
      expect(decodeFrameNumber(bad, 640, 360)).toBeUndefined();
    }
  });

  it('refuses numbers that do not fit', () => {
    for (const frame of [-1, 65_536, 1.5]) expect(() => encodeFrameNumber(frame)).toThrow(RangeError);
  });

  it('reads the pixels of a canvas', () => {
    const [width, height] = [640, 360];
    const luma = picture(42, width, height);
    const pixels = new Uint8ClampedArray(width * height * 4);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) pixels.fill(luma(x, y), (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
    expect(decodeFrameNumber(rgbaLuma(pixels, width), width, height)).toBe(42);
  });
});
