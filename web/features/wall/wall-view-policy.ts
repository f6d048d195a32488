export const LAYOUTS = [1, 4, 6, 9, 16] as const;
export type Layout = (typeof LAYOUTS)[number];

/** Cameras in the order of the tiles; null is an empty tile. Those beyond the layout are kept for when it grows again. */
export type WallView = { layout: Layout; cameras: readonly (string | null)[] };

export type Cell = { column: number; row: number; span: number };
export type Direction = 'left' | 'right' | 'up' | 'down';

const MOST = 16;
const ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;

export function columnsOf(layout: Layout): number {
  return layout === 6 ? 3 : Math.sqrt(layout);
}

/** Where the tiles lie; of six, the first is twice as large as the others. */
export function cellsOf(layout: Layout): Cell[] {
  if (layout === 6) {
    const small = [
      [2, 0],
      [2, 1],
      [0, 2],
      [1, 2],
      [2, 2],
    ] as const;
    return [{ column: 0, row: 0, span: 2 }, ...small.map(([column, row]) => ({ column, row, span: 1 }))];
  }
  const columns = columnsOf(layout);
  return Array.from({ length: layout }, (_, i) => ({ column: i % columns, row: Math.floor(i / columns), span: 1 }));
}

function filled(cameras: readonly (string | null)[], length: number): (string | null)[] {
  return Array.from({ length: Math.max(length, cameras.length) }, (_, i) => cameras[i] ?? null);
}

/** Cameras on the tiles that are shown. */
export function shown(view: WallView): (string | null)[] {
  return filled(view.cameras, view.layout).slice(0, view.layout);
}

/** A layout as an address names it, or null. */
export function parseLayout(layout: string | null): Layout | null {
  return LAYOUTS.find((each) => String(each) === layout) ?? null;
}

/** The smallest layout that holds so many cameras. */
export function layoutFor(count: number): Layout {
  return LAYOUTS.find((layout) => layout >= count) ?? MOST;
}

/** Reads `layout` and `cameras` of an address; null when it names no view. What is not an id is an empty tile, a camera stands once. */
export function parseView(layout: string | null, cameras: string | null): WallView | null {
  if (cameras === null) return null;
  const ids = cameras.split(',').slice(0, MOST);
  const unique = ids.map((id, i) => (ID.test(id) && ids.indexOf(id) === i ? id : null));
  if (unique.every((id) => id === null)) return null;
  return { layout: parseLayout(layout) ?? layoutFor(unique.length), cameras: unique };
}

export function viewQuery(view: WallView): { layout: string; cameras: string } {
  const last = view.cameras.findLastIndex((id) => id !== null);
  return {
    layout: String(view.layout),
    cameras: view.cameras
      .slice(0, last + 1)
      .map((id) => id ?? '')
      .join(','),
  };
}

/** The first cameras, in the order given. */
export function defaultView(cameras: readonly string[], layout: Layout = 9): WallView {
  return { layout, cameras: filled(cameras.slice(0, layout), layout) };
}

/** Puts a camera on a tile. One that is shown already changes places with what was there. */
export function place(view: WallView, tile: number, camera: string): WallView {
  const cameras = filled(view.cameras, view.layout);
  const at = cameras.indexOf(camera);
  if (at >= 0) cameras[at] = cameras[tile] ?? null;
  cameras[tile] = camera;
  return { ...view, cameras };
}

export function clear(view: WallView, tile: number): WallView {
  return { ...view, cameras: filled(view.cameras, view.layout).map((id, i) => (i === tile ? null : id)) };
}

/** Changes the number of tiles. New tiles get cameras that are not shown yet; the selected camera stays in sight. */
export function resize(view: WallView, layout: Layout, selected: number, available: readonly string[]): WallView {
  let next: WallView = { layout, cameras: filled(view.cameras, layout) };
  const kept = next.cameras[selected];
  if (selected >= layout && kept) next = place(next, 0, kept);
  const spare = available.filter((id) => !next.cameras.includes(id));
  const cameras = next.cameras.map((id, i) => (i < layout && id === null ? (spare.shift() ?? null) : id));
  return { layout, cameras };
}

/** The tile where a camera goes by a click: the selected one when it is empty, else the first empty one, else the selected one. */
export function tileFor(view: WallView, selected: number): number {
  const tiles = shown(view);
  if (tiles[selected] === null) return selected;
  const empty = tiles.indexOf(null);
  return empty >= 0 ? empty : selected;
}

/** The nearest tile in a direction, or the same tile at the edge. */
export function neighbour(layout: Layout, tile: number, direction: Direction): number {
  const cells = cellsOf(layout);
  const from = cells[tile];
  if (!from) return 0;
  const middle = (cell: Cell) => ({ x: cell.column + cell.span / 2, y: cell.row + cell.span / 2 });
  const a = middle(from);
  let best = tile;
  let least = Number.POSITIVE_INFINITY;
  cells.forEach((cell, i) => {
    const b = middle(cell);
    const ahead = { left: a.x - b.x, right: b.x - a.x, up: a.y - b.y, down: b.y - a.y }[direction];
    const aside = Math.abs(direction === 'left' || direction === 'right' ? b.y - a.y : b.x - a.x);
    if (ahead <= 0.4 || aside > ahead + 0.1) return;
    const distance = ahead + aside * 2;
    if (distance < least - 1e-9) {
      least = distance;
      best = i;
    }
  });
  return best;
}
