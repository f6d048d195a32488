/** How a picture is enlarged within its tile: so many times, its upper left corner at shares of the tile's width and height. */
export type Zoom = { scale: number; x: number; y: number };
type Point = { x: number; y: number };

export const whole: Zoom = { scale: 1, x: 0, y: 0 };
export const MOST_SCALE = 8;

/** The picture always fills its tile. */
function within({ scale, x, y }: Zoom): Zoom {
  if (scale <= 1) return whole;
  const kept = (offset: number) => Math.max(1 - scale, Math.min(0, offset));
  return { scale, x: kept(x), y: kept(y) };
}

/** So many times larger or smaller than now; what lies under `at` (shares of the tile) stays under it. */
export function zoomedBy(zoom: Zoom, factor: number, at: Point): Zoom {
  // Whoever comes near the whole picture means it.
  const wanted = zoom.scale * factor < 1.02 ? 1 : Math.min(MOST_SCALE, zoom.scale * factor);
  const by = wanted / zoom.scale;
  return within({ scale: wanted, x: at.x - (at.x - zoom.x) * by, y: at.y - (at.y - zoom.y) * by });
}

/** Moved by shares of the tile. */
export function pannedBy(zoom: Zoom, by: Point): Zoom {
  return within({ ...zoom, x: zoom.x + by.x, y: zoom.y + by.y });
}
