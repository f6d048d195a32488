/**
 * The frame-number strip: a row of black and white blocks in the bottom left corner of every simulated picture that
 * carries the number of the frame within its loop. It means the same in the main and the sub stream, so a benchmark can
 * tell which frame a screen shows and, with `expectedFrame`, how old it is. No Node imports: browsers use this file too.
 *
 * Blocks from left to right: sync (white, black), 16 data bits (highest first), 4 check bits, sync (black, white).
 */

const SYNC_START: readonly boolean[] = [true, false];
const SYNC_END: readonly boolean[] = [false, true];
const DATA_BITS = 16;
const CHECK_BITS = 4;
const BLOCKS = SYNC_START.length + DATA_BITS + CHECK_BITS + SYNC_END.length;

/** Luma of the blocks (8 bit, limited range), and how far apart white and black must still be to be believed. */
const WHITE = 225;
const BLACK = 24;
const LEAST_CONTRAST = 60;

/** Geometry in block units; one block is 1/80 of the picture's width: 24 px in 1920, 8 px in 640. */
export const frameStrip = {
  blocks: BLOCKS,
  rows: 1,
  widthInBlocks: 80,
  maxFrame: 2 ** DATA_BITS - 1,
} as const;

/** Where the strip lies in a picture of this size, in pixels. */
export function stripRect(
  width: number,
  height: number,
): { x: number; y: number; width: number; height: number; block: number } {
  const block = width / frameStrip.widthInBlocks;
  return { x: 0, y: height - block, width: block * BLOCKS, height: block, block };
}

/** The blocks of a frame number, true for white. Throws RangeError outside 0…65535. */
export function encodeFrameNumber(frame: number): boolean[] {
  if (!Number.isInteger(frame) || frame < 0 || frame > frameStrip.maxFrame) {
    throw new RangeError(`frame number out of range: ${frame}`);
  }
  const bits: boolean[] = [...SYNC_START];
  for (let bit = DATA_BITS - 1; bit >= 0; bit--) bits.push(((frame >> bit) & 1) === 1);
  const check = checkOf(frame);
  for (let bit = CHECK_BITS - 1; bit >= 0; bit--) bits.push(((check >> bit) & 1) === 1);
  bits.push(...SYNC_END);
  return bits;
}

/** The strip's luma plane, `blockPx` pixels to a block: `frameStrip.blocks * blockPx` wide and `blockPx` high. */
export function stripLuma(frame: number, blockPx: number): Uint8Array {
  const row = new Uint8Array(BLOCKS * blockPx);
  encodeFrameNumber(frame).forEach((white, index) => {
    row.fill(white ? WHITE : BLACK, index * blockPx, (index + 1) * blockPx);
  });
  const plane = new Uint8Array(row.length * blockPx);
  for (let line = 0; line < blockPx; line++) plane.set(row, line * row.length);
  return plane;
}

/**
 * Reads the frame number from a picture of `width` × `height` pixels (any scale of the original), or undefined when
 * there is no strip, a block is neither black nor white, or the check bits do not agree.
 * `luma(x, y)` gives the brightness of a pixel, 0…255.
 */
export function decodeFrameNumber(
  luma: (x: number, y: number) => number,
  width: number,
  height: number,
): number | undefined {
  const rect = stripRect(width, height);
  const levels: number[] = [];
  for (let index = 0; index < BLOCKS; index++)
    levels.push(blockLevel(luma, rect.x + index * rect.block, rect.y, rect.block));

  const white = (at(levels, 0) + at(levels, BLOCKS - 1)) / 2;
  const black = (at(levels, 1) + at(levels, BLOCKS - 2)) / 2;
  const contrast = white - black;
  if (contrast < LEAST_CONTRAST) return undefined;

  const bits: boolean[] = [];
  for (const level of levels) {
    const share = (level - black) / contrast;
    if (share > 0.35 && share < 0.65) return undefined;
    bits.push(share >= 0.65);
  }
  if (!SYNC_START.every((bit, i) => bits[i] === bit)) return undefined;
  if (!SYNC_END.every((bit, i) => bits[BLOCKS - SYNC_END.length + i] === bit)) return undefined;
  const frame = numberOf(bits.slice(SYNC_START.length, SYNC_START.length + DATA_BITS));
  const check = numberOf(bits.slice(SYNC_START.length + DATA_BITS, SYNC_START.length + DATA_BITS + CHECK_BITS));
  return check === checkOf(frame) ? frame : undefined;
}

/** A luma sampler over RGBA pixels (as of a canvas `getImageData`), for `decodeFrameNumber`. */
export function rgbaLuma(pixels: ArrayLike<number>, width: number): (x: number, y: number) => number {
  return (x, y) => {
    const offset = (y * width + x) * 4;
    return 0.2126 * (pixels[offset] ?? 0) + 0.7152 * (pixels[offset + 1] ?? 0) + 0.0722 * (pixels[offset + 2] ?? 0);
  };
}

/** The mean of the middle of a block: its edges are blurred by the codec and by scaling. */
function blockLevel(luma: (x: number, y: number) => number, left: number, top: number, block: number): number {
  const from = block * 0.3;
  const to = Math.max(from + 1, block * 0.7);
  let sum = 0;
  let count = 0;
  for (let dy = from; dy < to; dy++) {
    for (let dx = from; dx < to; dx++) {
      sum += luma(Math.floor(left + dx), Math.floor(top + dy));
      count++;
    }
  }
  return sum / count;
}

/** Four check bits that no all-black or all-white strip satisfies. */
function checkOf(frame: number): number {
  return ((frame >> 12) ^ (frame >> 8) ^ (frame >> 4) ^ frame ^ 0b1010) & 0b1111;
}

function numberOf(bits: readonly boolean[]): number {
  return bits.reduce((value, bit) => value * 2 + (bit ? 1 : 0), 0);
}

function at(levels: readonly number[], index: number): number {
  return levels[index] ?? 0;
}
