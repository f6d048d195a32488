import { freeGrid, type SavedView, type WallCell, type WallContent } from '../../../server/contracts/views.ts';
import { cellsQuery, parseCells, spotFor } from './free-wall-policy.ts';

export const LAYOUTS = [1, 4, 6, 9, 16] as const;
/** `free`: tiles lie where they were put, on a grid of 12 columns and rows. */
export type Layout = (typeof LAYOUTS)[number] | 'free';

/**
 * Cameras in the order of the tiles; null is an empty tile. Those beyond the layout are kept for when it grows again.
 * A free wall has a cell for each.
 */
export type WallView = { layout: Layout; cameras: readonly (string | null)[]; cells?: readonly WallCell[] };

export type Direction = 'left' | 'right' | 'up' | 'down';

const MOST = 16;
const ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** Columns, and as many rows, of the grid. */
export function columnsOf(layout: Layout): number {
  if (layout === 'free') return freeGrid;
  return layout === 6 ? 3 : Math.sqrt(layout);
}

/** Where the tiles lie; of six, the first is twice as large as the others. */
export function cellsOf(view: WallView): readonly WallCell[] {
  const { layout } = view;
  if (layout === 'free') return view.cells ?? [];
  if (layout === 6) {
    const small = [
      [2, 0],
      [2, 1],
      [0, 2],
      [1, 2],
      [2, 2],
    ] as const;
    const one = { columns: 1, rows: 1 };
    return [{ column: 0, row: 0, columns: 2, rows: 2 }, ...small.map(([column, row]) => ({ column, row, ...one }))];
  }
  const columns = columnsOf(layout);
  return Array.from({ length: layout }, (_, i) => ({
    column: i % columns,
    row: Math.floor(i / columns),
    columns: 1,
    rows: 1,
  }));
}

/** How many tiles are shown. */
export function countOf(view: WallView): number {
  return view.layout === 'free' ? (view.cells ?? []).length : view.layout;
}

function filled(cameras: readonly (string | null)[], length: number): (string | null)[] {
  return Array.from({ length: Math.max(length, cameras.length) }, (_, i) => cameras[i] ?? null);
}

/** Cameras on the tiles that are shown. */
export function shown(view: WallView): (string | null)[] {
  return filled(view.cameras, countOf(view)).slice(0, countOf(view));
}

/** A layout as an address names it, or null. */
export function parseLayout(layout: string | null): Layout | null {
  return layout === 'free' ? 'free' : (LAYOUTS.find((each) => String(each) === layout) ?? null);
}

/** The smallest layout that holds so many cameras. */
export function layoutFor(count: number): (typeof LAYOUTS)[number] {
  return LAYOUTS.find((layout) => layout >= count) ?? MOST;
}

/** Reads `layout`, `cameras` and `cells` of an address; null when it names no view. What is not an id is an empty tile, a camera stands once. */
export function parseView(layout: string | null, cameras: string | null, cells: string | null = null): WallView | null {
  if (cameras === null) return null;
  const ids = cameras.split(',').slice(0, MOST);
  const unique = ids.map((id, i) => (ID.test(id) && ids.indexOf(id) === i ? id : null));
  if (unique.every((id) => id === null)) return null;
  if (layout === 'free') {
    const places = parseCells(cells);
    if (places && places.length > 0) {
      return { layout, cameras: filled(unique.slice(0, places.length), places.length), cells: places };
    }
    return { layout: layoutFor(unique.length), cameras: unique };
  }
  return { layout: parseLayout(layout) ?? layoutFor(unique.length), cameras: unique };
}

export function viewQuery(view: WallView): { layout: string; cameras: string; cells?: string } {
  const last = view.cameras.findLastIndex((id) => id !== null);
  return {
    layout: String(view.layout),
    cameras: view.cameras
      .slice(0, last + 1)
      .map((id) => id ?? '')
      .join(','),
    ...(view.layout === 'free' && { cells: cellsQuery(view.cells ?? []) }),
  };
}

/** The first cameras, in the order given. */
export function defaultView(cameras: readonly string[], layout: (typeof LAYOUTS)[number] = 9): WallView {
  return { layout, cameras: filled(cameras.slice(0, layout), layout) };
}

/** Puts a camera on a tile. One that is shown already changes places with what was there. */
export function place(view: WallView, tile: number, camera: string): WallView {
  const cameras = filled(view.cameras, countOf(view));
  const at = cameras.indexOf(camera);
  if (at >= 0) cameras[at] = cameras[tile] ?? null;
  cameras[tile] = camera;
  return { ...view, cameras };
}

/** Empties a tile; of a free wall the tile itself goes. */
export function clear(view: WallView, tile: number): WallView {
  if (view.layout === 'free') {
    const without = <T>(all: readonly T[]) => all.filter((_, i) => i !== tile);
    return { ...view, cameras: without(shown(view)), cells: without(view.cells ?? []) };
  }
  return { ...view, cameras: filled(view.cameras, countOf(view)).map((id, i) => (i === tile ? null : id)) };
}

/** Changes the number of tiles. New tiles get cameras that are not shown yet; the selected camera stays in sight. */
export function resize(view: WallView, layout: Layout, selected: number, available: readonly string[]): WallView {
  if (layout === 'free') return freed(view);
  let next: WallView = { layout, cameras: filled(view.cameras, layout) };
  const kept = next.cameras[selected];
  if (selected >= layout && kept) next = place(next, 0, kept);
  const spare = available.filter((id) => !next.cameras.includes(id));
  const cameras = next.cameras.map((id, i) => (i < layout && id === null ? (spare.shift() ?? null) : id));
  return { layout, cameras };
}

/** The same tiles in the same places, free to be moved. */
function freed(view: WallView): WallView {
  if (view.layout === 'free') return view;
  const by = freeGrid / columnsOf(view.layout);
  const cells = cellsOf(view).map(({ column, row, columns, rows }) => ({
    column: column * by,
    row: row * by,
    columns: columns * by,
    rows: rows * by,
  }));
  return { layout: 'free', cameras: shown(view), cells };
}

/** Puts a camera where a click means it to go; a free wall gets another tile for it while there is room. Returns the tile, too. */
export function added(view: WallView, selected: number, camera: string): { view: WallView; tile: number } {
  const tiles = shown(view);
  if (view.layout === 'free' && !tiles.includes(null) && tiles.length < MOST) {
    const cell = spotFor(view.cells ?? []);
    if (cell) {
      const next: WallView = { ...view, cameras: [...tiles, null], cells: [...(view.cells ?? []), cell] };
      return { view: place(next, tiles.length, camera), tile: tiles.length };
    }
  }
  const tile = tileFor(view, selected);
  return { view: place(view, tile, camera), tile };
}

/** A view as it is saved. */
export function contentOf(view: WallView): WallContent {
  const cells = view.layout === 'free' ? [...(view.cells ?? [])] : [];
  return { layout: `${view.layout}`, cameras: shown(view), cells };
}

/** A saved view as it is shown. */
export function fromSaved({ layout, cameras, cells }: Pick<SavedView, 'layout' | 'cameras' | 'cells'>): WallView {
  const parsed = parseLayout(layout) ?? layoutFor(cameras.length);
  return parsed === 'free' ? { layout: parsed, cameras, cells } : { layout: parsed, cameras };
}

/** Whether two views show the same cameras in the same places. */
export function sameView(a: WallView, b: WallView): boolean {
  return JSON.stringify(contentOf(a)) === JSON.stringify(contentOf(b));
}

/** Cameras in pages as large as the layout: what a patrol turns through; a page may be short. */
export function pagesOf(cameras: readonly string[], view: WallView): WallView[] {
  const size = Math.max(1, countOf(view));
  return Array.from({ length: Math.ceil(cameras.length / size) }, (_, page) => ({
    ...view,
    cameras: filled(cameras.slice(page * size, (page + 1) * size), size),
  }));
}

/** The tile where a camera goes by a click: the selected one when it is empty, else the first empty one, else the selected one. */
export function tileFor(view: WallView, selected: number): number {
  const tiles = shown(view);
  if (tiles[selected] === null) return selected;
  const empty = tiles.indexOf(null);
  return empty >= 0 ? empty : selected;
}

/** The nearest tile in a direction, or the same tile at the edge. */
export function neighbour(view: WallView, tile: number, direction: Direction): number {
  const cells = cellsOf(view);
  const from = cells[tile];
  if (!from) return 0;
  const middle = (cell: WallCell) => ({ x: cell.column + cell.columns / 2, y: cell.row + cell.rows / 2 });
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
