import type { Incident } from '../../contracts/incidents.ts';
import { gapWords, missingPicture } from './case-words.ts';
import type { PaperBlock, PaperPicture, PaperSection } from './paper.ts';
import { printable, printableLine } from './printable.ts';
import { dateWords, lengthWords, momentWords, stretchWords, timeWords } from './report-times.ts';

/** A picture of the case: the one that was kept with the flag, or a keyframe of the stretch. */
export interface CaseStill {
  what: 'moment' | 'first' | 'middle' | 'last';
  jpeg: Uint8Array | null;
  /** When it was taken, as far as that is known; of a missing one, when it was looked for. */
  atMs: number;
  /** Why there is none. */
  missing: string | null;
}

/** A recording file that holds footage of the case. */
export interface CaseFile {
  name: string;
  fromMs: number;
  toMs: number;
  /** Lower-case hex; null while the file is still being written. */
  sha256: string | null;
}

/** More gaps or files than anybody reads are counted instead of printed. */
const maxRows = 60;

const stillWords = { moment: 'Ảnh lúc ghi nhận', first: 'Đầu đoạn', middle: 'Giữa đoạn', last: 'Cuối đoạn' } as const;

/** Labels with their values, on one line each. */
export const facts = (rows: readonly (readonly [string, string])[]): PaperBlock => ({
  kind: 'facts',
  rows: rows.map(([label, value]) => [label, printableLine(value)]),
});

/** Text of a person, or words for there being none. */
export const said = (text: string | null, none: string, heading?: string): PaperBlock => ({
  kind: 'text',
  text: text === null || text.trim() === '' ? none : printable(text),
  ...(heading !== undefined && { heading }),
});

export function pictureOf({ what, jpeg, atMs, missing }: CaseStill): PaperPicture {
  return {
    caption: `${stillWords[what]}: ${momentWords(atMs)}`,
    jpeg,
    missing: missingPicture(missing ?? 'unreadable'),
  };
}

/** What is recorded of the stretch, what is missing, and the files that hold it; `files` is null where they could not be asked for. */
export function footageSection(incident: Incident, files: readonly CaseFile[] | null): PaperSection {
  const { fromMs, toMs, heldUntilMs } = incident;
  const { recorded, gaps, complete, pending } = incident.footage;
  const recordedMs = recorded.reduce((sum, [from, to]) => sum + to - from, 0);
  const length = lengthWords(toMs - fromMs);
  const state = complete
    ? 'ghi đủ, không có khoảng trống'
    : recordedMs === 0
      ? 'không có ghi hình'
      : `có ${lengthWords(recordedMs)} trong ${length}`;
  const rows: [string, string][] = [
    ['Đoạn của vụ việc', `${stretchWords(fromMs, toMs)}, dài ${length}`],
    ['Tình trạng', pending ? `${state}; phần cuối còn đang ghi lúc in` : state],
  ];
  if (heldUntilMs !== null) rows.push(['Giữ đến', dateWords(heldUntilMs)]);
  const blocks: PaperBlock[] = [facts(rows)];
  if (gaps.length > 0) {
    blocks.push({
      kind: 'table',
      heading: 'Khoảng trống',
      columns: [
        { head: 'Từ', width: 120 },
        { head: 'Đến', width: 120 },
        { head: 'Lý do', width: '*' },
      ],
      rows: atMost(gaps, ({ from, to, reason }) => [momentWords(from), momentWords(to), gapWords[reason]], 3),
    });
  }
  if (files === null) blocks.push(said(null, 'Chưa đọc được danh sách tệp ghi hình lúc in.'));
  else if (files.length > 0) blocks.push(fileTable(files));
  return { heading: 'Dữ liệu ghi hình', blocks };
}

function fileTable(files: readonly CaseFile[]): PaperBlock {
  return {
    kind: 'table',
    heading: 'Tệp ghi hình gốc có đoạn này (chứa cả phần trước và sau)',
    columns: [
      { head: 'Tệp', width: 82, small: true },
      { head: 'Từ', width: 46, small: true },
      { head: 'Đến', width: 46, small: true },
      { head: 'SHA-256', width: '*', small: true },
    ],
    rows: atMost(
      files,
      ({ name, fromMs, toMs, sha256 }) => [
        printableLine(name),
        timeWords(fromMs),
        timeWords(toMs),
        sha256 ?? 'tệp còn đang ghi',
      ],
      4,
    ),
  };
}

/** Rows of a table, and how many there are more. */
function atMost<T>(items: readonly T[], row: (item: T) => string[], columns: number): string[][] {
  const rows = items.slice(0, maxRows).map(row);
  const more = items.length - rows.length;
  if (more > 0) rows.push([`và ${more} dòng khác`, ...Array.from({ length: columns - 1 }, () => '')]);
  return rows;
}
