import type { GreyPicture } from './grey-picture.ts';

/** Pictures are compared block by block, so that people in front of the scene change few of the answers. */
const block = { width: 16, height: 15 };
/** A mount that trembles is not turned. */
const trembling = 1;
/** Blocks of the same scene are alike by at least so much (normalised correlation, 1 is the same). */
const alike = 0.5;

export interface Likeness {
  /** Of the blocks that say something, the share that shows the same as the other picture. */
  share: number;
  /** How many say something: less than a few are no ground for a verdict. */
  blocks: number;
}

/** How much the scene of `now` is that of `before` when it is moved by (dx, dy) pixels. Both without shading, and of one size. */
export function likeness(now: GreyPicture, before: GreyPicture, detail: number, dx = 0, dy = 0): Likeness {
  let blocks = 0;
  let same = 0;
  for (let y = 0; y + block.height <= before.height; y += block.height) {
    for (let x = 0; x + block.width <= before.width; x += block.width) {
      if (x + dx < 0 || x + dx + block.width > now.width || y + dy < 0 || y + dy + block.height > now.height) continue;
      if (deviationAt(before, x, y) < detail) continue;
      blocks += 1;
      if (isAlike(now, before, x, y, dx, dy)) same += 1;
    }
  }
  return { share: blocks === 0 ? 0 : same / blocks, blocks };
}

function isAlike(now: GreyPicture, before: GreyPicture, x: number, y: number, dx: number, dy: number): boolean {
  for (let ty = -trembling; ty <= trembling; ty += 1) {
    for (let tx = -trembling; tx <= trembling; tx += 1) {
      const [nx, ny] = [x + dx + tx, y + dy + ty];
      if (nx < 0 || ny < 0 || nx + block.width > now.width || ny + block.height > now.height) continue;
      if (correlationAt(now, nx, ny, before, x, y) >= alike) return true;
    }
  }
  return false;
}

/** Share of the blocks with detail in `before` (or of all blocks) that have detail in `now`, each by its own measure. */
export function detailLeft(
  now: GreyPicture,
  before: GreyPicture | null,
  detail: { now: number; before: number },
): Likeness {
  let blocks = 0;
  let left = 0;
  for (let y = 0; y + block.height <= now.height; y += block.height) {
    for (let x = 0; x + block.width <= now.width; x += block.width) {
      if (before !== null && deviationAt(before, x, y) < detail.before) continue;
      blocks += 1;
      if (deviationAt(now, x, y) >= detail.now) left += 1;
    }
  }
  return { share: blocks === 0 ? 0 : left / blocks, blocks };
}

function deviationAt({ width, grey }: GreyPicture, x: number, y: number): number {
  let sum = 0;
  let squares = 0;
  for (let dy = 0; dy < block.height; dy += 1) {
    for (let dx = 0; dx < block.width; dx += 1) {
      const value = grey[(y + dy) * width + x + dx] ?? 0;
      sum += value;
      squares += value * value;
    }
  }
  const count = block.width * block.height;
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}

function correlationAt(a: GreyPicture, ax: number, ay: number, b: GreyPicture, bx: number, by: number): number {
  let [sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0];
  for (let dy = 0; dy < block.height; dy += 1) {
    for (let dx = 0; dx < block.width; dx += 1) {
      const va = a.grey[(ay + dy) * a.width + ax + dx] ?? 0;
      const vb = b.grey[(by + dy) * b.width + bx + dx] ?? 0;
      sumA += va;
      sumB += vb;
      squareA += va * va;
      squareB += vb * vb;
      product += va * vb;
    }
  }
  const count = block.width * block.height;
  const [varianceA, varianceB] = [squareA - sumA ** 2 / count, squareB - sumB ** 2 / count];
  if (varianceA < 1 || varianceB < 1) return 0;
  return (product - (sumA * sumB) / count) / Math.sqrt(varianceA * varianceB);
}

/** The shift, in pixels, by which `now` fits `before` best, within a quarter of the width and of the height. */
export function bestShift(now: GreyPicture, before: GreyPicture): { dx: number; dy: number } {
  let best = { dx: 0, dy: 0, score: Number.NEGATIVE_INFINITY };
  const try_ = (dx: number, dy: number, step: number) => {
    const score = overlapCorrelation(now, before, dx, dy, step);
    if (score > best.score) best = { dx, dy, score };
  };
  const [rangeX, rangeY] = [now.width >> 2, now.height >> 2];
  for (let dy = -rangeY; dy <= rangeY; dy += 2) for (let dx = -rangeX; dx <= rangeX; dx += 2) try_(dx, dy, 3);
  const { dx: roughX, dy: roughY } = best;
  best.score = Number.NEGATIVE_INFINITY;
  for (let dy = roughY - 2; dy <= roughY + 2; dy += 1) {
    for (let dx = roughX - 2; dx <= roughX + 2; dx += 1) try_(dx, dy, 2);
  }
  return { dx: best.dx, dy: best.dy };
}

function overlapCorrelation(now: GreyPicture, before: GreyPicture, dx: number, dy: number, step: number): number {
  let [squareA, squareB, product] = [0, 0, 0];
  for (let y = Math.max(0, -dy); y < before.height - Math.max(0, dy); y += step) {
    for (let x = Math.max(0, -dx); x < before.width - Math.max(0, dx); x += step) {
      const va = now.grey[(y + dy) * now.width + x + dx] ?? 0;
      const vb = before.grey[y * before.width + x] ?? 0;
      squareA += va * va;
      squareB += vb * vb;
      product += va * vb;
    }
  }
  return squareA < 1 || squareB < 1 ? 0 : product / Math.sqrt(squareA * squareB);
}
