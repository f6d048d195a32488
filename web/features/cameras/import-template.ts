import { type ImportColumn, importColumn } from '../../../server/contracts/camera-onboarding.ts';

/** One camera with ONVIF and one without, as they are to be written. */
const EXAMPLES: readonly Partial<Record<ImportColumn, string>>[] = [
  { name: 'Quầy số 1', unit: 'Phường Hồng Hà', desks: 'Quầy số 1', onvif: '10.22.14.21', username: 'lienthong' },
  {
    ...{ name: 'Quầy số 2', unit: 'Phường Hồng Hà', desks: 'Quầy số 2' },
    ...{ rtsp_main: 'rtsp://10.22.14.22:554/main', rtsp_sub: 'rtsp://10.22.14.22:554/sub' },
  },
];

/** A file with the columns of an import (RFC 4180), with a byte order mark, so that spreadsheets read its Vietnamese. */
export function importTemplate(): string {
  const columns = importColumn.options;
  const lines = [columns, ...EXAMPLES.map((row) => columns.map((column) => row[column] ?? ''))];
  return `\uFEFF${lines.map((line) => `${line.join(',')}\r\n`).join('')}`;
}
