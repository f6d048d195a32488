import { parse } from 'csv-parse/sync';
import { type ImportColumn, importColumn } from '../contracts/camera-onboarding.ts';
import { AppError } from '../platform/errors.ts';

export interface CsvRow {
  /** In the file, the header being 1. */
  line: number;
  cells: Readonly<Partial<Record<ImportColumn, string>>>;
}

const mostRows = 500;
const mostCell = 600;

/** What a spreadsheet opens and saves: a mark of UTF-8, the columns, and two rows as examples. */
export const importTemplate = [
  `\ufeff${importColumn.options.join(',')}`,
  'Quầy 1,mst-01,quay-1|quay-2,10.20.3.11,,,admin,"mật khẩu",',
  'Sảnh,mst-01,,,rtsp://10.20.3.12:554/main,rtsp://10.20.3.12:554/sub,admin,"mật khẩu",',
  '',
].join('\r\n');

/**
 * The rows of a file (RFC 4180) with `,` or `;` between its cells, as spreadsheets save it where a comma is in numbers. Columns are known by
 * the names in the first line, in any order. Errors: `import_unreadable`, `import_columns` (with the names in `fields`), `import_empty`, `import_too_many`.
 */
export function readRows(csv: string): CsvRow[] {
  const header = csv.replace(/^\ufeff/, '').split(/\r?\n/, 1)[0] ?? '';
  const delimiter = header.split(';').length > header.split(',').length ? ';' : ',';
  let records: { info: { lines: number }; record: string[] }[];
  try {
    records = parse(csv, {
      ...{ bom: true, delimiter, trim: true, relax_column_count: true, skip_empty_lines: true, info: true },
      max_record_size: 20_000,
      to: mostRows + 2,
    }) as unknown as typeof records;
  } catch (error) {
    throw new AppError('invalid', 'import_unreadable', { cause: error });
  }
  const [first, ...rest] = records;
  const names = (first?.record ?? []).map((name) => name.toLowerCase());
  const unknown = names.filter((name) => name !== '' && !importColumn.safeParse(name).success);
  const missing = ['name', 'unit'].filter((name) => !names.includes(name));
  const twice = names.filter((name, at) => name !== '' && names.indexOf(name) !== at);
  if (unknown.length + missing.length + twice.length > 0) {
    const told = [
      ...unknown.map((name) => [name, 'unknown']),
      ...missing.map((name) => [name, 'missing']),
      ...twice.map((name) => [name, 'twice']),
    ];
    const fields = told.slice(0, 20).map(([name, why]) => [String(name).slice(0, 60), String(why)] as const);
    throw new AppError('invalid', 'import_columns', { fields: Object.fromEntries(fields) });
  }
  const filled = rest.filter(({ record }) => record.some((cell) => cell !== ''));
  if (filled.length === 0) throw new AppError('invalid', 'import_empty');
  if (filled.length > mostRows) throw new AppError('too_large', 'import_too_many', { params: { most: mostRows } });
  return filled.map(({ info, record }) => ({
    line: info.lines,
    cells: Object.fromEntries(
      names.flatMap((name, at) => (name === '' || !record[at] ? [] : [[name, record[at].slice(0, mostCell)]])),
    ),
  }));
}
