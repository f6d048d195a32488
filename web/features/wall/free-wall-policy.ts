import { freeGrid, type WallCell } from '../../../server/contracts/views.ts';

/** Sizes that a new tile of a free wall takes, the largest that finds room. */
const SIZES = [4, 3, 2];

const overlap = (a: WallCell, b: WallCell) =>
  a.column < b.column + b.columns &&
  b.column < a.column + a.columns &&
  a.row < b.row + b.rows &&
  b.row < a.row + a.rows;

const clamped = (value: number, most: number) => Math.max(0, Math.min(most, Math.round(value)));

/** The cells with one of them put elsewhere or sized anew; unchanged when it would lie on another one or beyond the grid. */
export function withCell(cells: readonly WallCell[], tile: number, next: WallCell): readonly WallCell[] {
  const outside =
    next.columns < 1 ||
    next.rows < 1 ||
    next.column < 0 ||
    next.row < 0 ||
    next.column + next.columns > freeGrid ||
    next.row + next.rows > freeGrid;
  if (!cells[tile] || outside || cells.some((cell, i) => i !== tile && overlap(cell, next))) return cells;
  return cells.map((cell, i) => (i === tile ? next : cell));
}

/** Moves a tile to where its upper left corner should lie, as near as the grid allows. */
export function movedTo(cells: readonly WallCell[], tile: number, column: number, row: number): readonly WallCell[] {
  const cell = cells[tile];
  if (!cell) return cells;
  const next = { ...cell, column: clamped(column, freeGrid - cell.columns), row: clamped(row, freeGrid - cell.rows) };
  return withCell(cells, tile, next);
}

/** Gives a tile another size from its upper left corner on. */
export function sizedTo(cells: readonly WallCell[], tile: number, columns: number, rows: number): readonly WallCell[] {
  const cell = cells[tile];
  if (!cell) return cells;
  const next = {
    ...cell,
    columns: Math.max(2, Math.min(freeGrid - cell.column, Math.round(columns))),
    rows: Math.max(2, Math.min(freeGrid - cell.row, Math.round(rows))),
  };
  return withCell(cells, tile, next);
}

/** The first place with room for a new tile, row by row, or null when the wall is full. */
export function spotFor(cells: readonly WallCell[]): WallCell | null {
  for (const size of SIZES) {
    for (let row = 0; row + size <= freeGrid; row++) {
      for (let column = 0; column + size <= freeGrid; column++) {
        const cell = { column, row, columns: size, rows: size };
        if (!cells.some((other) => overlap(other, cell))) return cell;
      }
    }
  }
  return null;
}

/** Cells as an address carries them: column, row, columns, rows, joined by dots. */
export function cellsQuery(cells: readonly WallCell[]): string {
  return cells.map((cell) => [cell.column, cell.row, cell.columns, cell.rows].join('.')).join(',');
}

/** Reads them back; null when a cell is none, or lies on another one or beyond the grid. */
export function parseCells(text: string | null): WallCell[] | null {
  const read: WallCell[] = [];
  for (const part of (text ?? '').split(',').slice(0, 16)) {
    const numbers = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(part)?.slice(1).map(Number);
    if (!numbers) return null;
    const [column = 0, row = 0, columns = 0, rows = 0] = numbers;
    const cell = { column, row, columns, rows };
    read.push(cell);
    if (withCell(read, read.length - 1, { ...cell })[read.length - 1] === cell) return null;
  }
  return read;
}
