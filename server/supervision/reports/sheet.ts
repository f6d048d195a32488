import type { CellValue, WriteOptions } from 'hucre/xlsx';

/** A table as plain data: of a list, for a workbook or a CSV file. */
export interface Table {
  /** Of the sheet; at most 31 characters. */
  name: string;
  columns: readonly TableColumn[];
  rows: readonly (readonly TableCell[])[];
}

export interface TableColumn {
  head: string;
  /** In characters. */
  width: number;
}

/** Text, a number, nothing, or a moment as local wall time: a workbook knows no time zones. */
export type TableCell = string | number | null | { wall: string };

const momentFormat = 'dd/mm/yyyy hh:mm:ss';

/**
 * One sheet with a bold frozen head and an auto filter (ISO/IEC 29500). Every text is a string cell, never a formula, whatever it begins with. Pure.
 */
export function sheetOf({ name, columns, rows }: Table): WriteOptions {
  const moments = new Set(rows.flatMap((row) => row.flatMap((cell, i) => (isMoment(cell) ? [i] : []))));
  const last = columnName(columns.length - 1);
  const cells = new Map(columns.map((_, i) => [`0,${i}`, { style: { font: { bold: true } } }]));
  return {
    sheets: [
      {
        name,
        columns: columns.map(({ width }, i) => ({ width, ...(moments.has(i) && { numFmt: momentFormat }) })),
        rows: [columns.map(({ head }) => text(head)), ...rows.map((row) => row.map(value))],
        cells,
        freezePane: { rows: 1 },
        autoFilter: { range: `A1:${last}${rows.length + 1}` },
      },
    ],
  };
}

const isMoment = (cell: TableCell): cell is { wall: string } => cell !== null && typeof cell === 'object';

function value(cell: TableCell): CellValue {
  if (isMoment(cell)) return new Date(`${cell.wall.replace(' ', 'T')}Z`);
  return typeof cell === 'string' ? text(cell) : cell;
}

/** What looks like the escape of a character (`_x0041_`, ISO/IEC 29500-1, 22.4.2.4) would be read as that character. */
const text = (written: string): string => cellText(written).replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_');

/** Text without control characters, which XML cannot hold, and without marks that hide or reorder what is read. */
export function cellText(written: string): string {
  return written
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\p{Cc}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu, (mark) =>
      mark === '\n' || mark === '\t' ? mark : '',
    );
}

/** `A`, `B`, … `Z`, `AA` … by the number of the column, from 0. */
function columnName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : `${columnName(Math.floor(index / 26) - 1)}${letter}`;
}
