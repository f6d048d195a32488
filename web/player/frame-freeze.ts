/** Draws a picture at its own size. Returns false, and leaves the canvas alone, when there is no picture yet. */
export function drawOnto(canvas: HTMLCanvasElement, from: HTMLVideoElement | HTMLCanvasElement): boolean {
  const width = from instanceof HTMLVideoElement ? from.videoWidth : from.width;
  const height = from instanceof HTMLVideoElement ? from.videoHeight : from.height;
  if (width === 0 || height === 0) return false;
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.drawImage(from, 0, 0);
  return true;
}
