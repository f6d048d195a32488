/** Luma as video has it, row by row: 16 is black, 235 white. */
export interface GreyPicture {
  width: number;
  height: number;
  grey: ArrayLike<number>;
}

/** Mean and deviation of some pixels. */
export interface Spread {
  mean: number;
  deviation: number;
}

/** A picture of `1/factor` of the size, each pixel the mean of those in its place. */
export function shrunk({ width, height, grey }: GreyPicture, factor: number): GreyPicture {
  const small = { width: Math.floor(width / factor), height: Math.floor(height / factor) };
  const out = new Uint8Array(small.width * small.height);
  for (let y = 0; y < small.height; y += 1) {
    for (let x = 0; x < small.width; x += 1) {
      let sum = 0;
      for (let dy = 0; dy < factor; dy += 1) {
        const row = (y * factor + dy) * width + x * factor;
        for (let dx = 0; dx < factor; dx += 1) sum += grey[row + dx] ?? 0;
      }
      out[y * small.width + x] = Math.round(sum / (factor * factor));
    }
  }
  return { ...small, grey: out };
}

export function spreadOf({ grey }: GreyPicture): Spread {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < grey.length; i += 1) {
    const value = grey[i] ?? 0;
    sum += value;
    squares += value * value;
  }
  const mean = sum / grey.length;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / grey.length - mean * mean)) };
}

/** The value below which `share` of the pixels lie. */
export function quantile({ grey }: GreyPicture, share: number): number {
  const counts = new Uint32Array(256);
  for (let i = 0; i < grey.length; i += 1) counts[grey[i] ?? 0] = (counts[grey[i] ?? 0] ?? 0) + 1;
  let left = share * grey.length;
  for (let value = 0; value < 256; value += 1) {
    left -= counts[value] ?? 0;
    if (left <= 0) return value;
  }
  return 255;
}

/** Variance of the Laplacian: how much fine detail there is; noise counts as detail. */
export function laplacianVariance({ width, height, grey }: GreyPicture): number {
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const i = y * width + x;
      const around = (grey[i - 1] ?? 0) + (grey[i + 1] ?? 0) + (grey[i - width] ?? 0) + (grey[i + width] ?? 0);
      const value = 4 * (grey[i] ?? 0) - around;
      sum += value;
      squares += value * value;
      count += 1;
    }
  }
  const mean = sum / count;
  return squares / count - mean * mean;
}

/** Sums of one picture, for all that come one after the other. */
let scratch = new Float64Array(0);

/** The picture without its slow changes of brightness: each pixel less the mean of the square of `radius` around it. */
export function withoutShading({ width, height, grey }: GreyPicture, radius: number): GreyPicture {
  const size = (width + 1) * (height + 1);
  if (scratch.length < size) scratch = new Float64Array(size);
  const sums = scratch.fill(0, 0, size);
  for (let y = 0; y < height; y += 1) {
    let row = 0;
    for (let x = 0; x < width; x += 1) {
      row += grey[y * width + x] ?? 0;
      sums[(y + 1) * (width + 1) + x + 1] = (sums[y * (width + 1) + x + 1] ?? 0) + row;
    }
  }
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const [top, bottom] = [Math.max(0, y - radius), Math.min(height, y + radius + 1)];
    for (let x = 0; x < width; x += 1) {
      const [left, right] = [Math.max(0, x - radius), Math.min(width, x + radius + 1)];
      const at = (cx: number, cy: number) => sums[cy * (width + 1) + cx] ?? 0;
      const sum = at(right, bottom) - at(left, bottom) - at(right, top) + at(left, top);
      out[y * width + x] = (grey[y * width + x] ?? 0) - sum / ((right - left) * (bottom - top));
    }
  }
  return { width, height, grey: out };
}
