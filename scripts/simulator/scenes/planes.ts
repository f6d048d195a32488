import type { Box } from './scene.ts';

/** A picture in I420: the luma plane, then the two chroma planes at half size. */
export interface Picture {
  width: number;
  height: number;
  data: Uint8Array;
}

/** A piece with alpha in premultiplied YUV: `alpha` at full size, `chromaAlpha` at half size. */
export interface Sprite {
  box: Box;
  y: Uint8Array;
  u: Uint8Array;
  v: Uint8Array;
  alpha: Uint8Array;
  chromaAlpha: Uint8Array;
}

/** Premultiplied RGBA to a sprite, BT.709 limited range. Width and height of the box must be even. */
export function spriteOf(rgba: Uint8Array, box: Box): Sprite {
  const { width, height } = box;
  const half = (width / 2) * (height / 2);
  const sprite: Sprite = {
    box,
    y: new Uint8Array(width * height),
    u: new Uint8Array(half),
    v: new Uint8Array(half),
    alpha: new Uint8Array(width * height),
    chromaAlpha: new Uint8Array(half),
  };
  for (let i = 0, p = 0; i < sprite.y.length; i++, p += 4) {
    const a = rgba[p + 3] as number;
    sprite.alpha[i] = a;
    sprite.y[i] =
      0.1826 * (rgba[p] as number) +
      0.6142 * (rgba[p + 1] as number) +
      0.062 * (rgba[p + 2] as number) +
      a * (16 / 255) +
      0.5;
  }
  for (let cy = 0, i = 0; cy < height / 2; cy++) {
    for (let cx = 0; cx < width / 2; cx++, i++) {
      let r = 0;
      let g = 0;
      let b = 0;
      let a = 0;
      for (const [dx, dy] of QUAD) {
        const p = ((cy * 2 + dy) * width + cx * 2 + dx) * 4;
        r += rgba[p] as number;
        g += rgba[p + 1] as number;
        b += rgba[p + 2] as number;
        a += rgba[p + 3] as number;
      }
      const neutral = (a / 4) * (128 / 255) + 0.5;
      sprite.u[i] = (-0.1006 * r - 0.3386 * g + 0.4392 * b) / 4 + neutral;
      sprite.v[i] = (0.4392 * r - 0.3989 * g - 0.0403 * b) / 4 + neutral;
      sprite.chromaAlpha[i] = a / 4;
    }
  }
  return sprite;
}

const QUAD: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
];

/** An opaque sprite that fills the picture, as a picture. */
export function pictureOf(sprite: Sprite): Picture {
  const data = new Uint8Array(sprite.y.length + sprite.u.length + sprite.v.length);
  data.set(sprite.y, 0);
  data.set(sprite.u, sprite.y.length);
  data.set(sprite.v, sprite.y.length + sprite.u.length);
  return { width: sprite.box.width, height: sprite.box.height, data };
}

/** Lays a sprite over the picture, moved by an even offset; what falls outside the picture is cut off. */
export function blend(picture: Picture, sprite: Sprite, dx: number, dy: number): void {
  const { width, height, data } = picture;
  const luma = width * height;
  const chroma = luma / 4;
  const left = sprite.box.x + dx;
  const top = sprite.box.y + dy;
  blendPlane(data.subarray(0, luma), width, height, sprite.y, sprite.alpha, sprite.box.width, left, top);
  const half = sprite.box.width / 2;
  const u = data.subarray(luma, luma + chroma);
  const v = data.subarray(luma + chroma, luma + 2 * chroma);
  blendPlane(u, width / 2, height / 2, sprite.u, sprite.chromaAlpha, half, left / 2, top / 2);
  blendPlane(v, width / 2, height / 2, sprite.v, sprite.chromaAlpha, half, left / 2, top / 2);
}

function blendPlane(
  target: Uint8Array,
  width: number,
  height: number,
  source: Uint8Array,
  alpha: Uint8Array,
  sourceWidth: number,
  left: number,
  top: number,
): void {
  const rows = source.length / sourceWidth;
  const fromX = Math.max(0, -left);
  const toX = Math.min(sourceWidth, width - left);
  for (let row = Math.max(0, -top); row < rows && top + row < height; row++) {
    let s = row * sourceWidth + fromX;
    let t = (top + row) * width + left + fromX;
    const end = row * sourceWidth + toX;
    for (; s < end; s++, t++) {
      const a = alpha[s] as number;
      if (a === 255) target[t] = source[s] as number;
      else if (a !== 0) target[t] = (source[s] as number) + ((target[t] as number) * (255 - a) + 127) / 255;
    }
  }
}
