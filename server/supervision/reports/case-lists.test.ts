import { buffer } from 'node:stream/consumers';
import { parseCsv } from 'hucre/csv';
import { readXlsx } from 'hucre/xlsx';
import readXlsxFile from 'read-excel-file/node';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { accountOf, caseIn, cast, flagOf } from '../../../test/support/cases.ts';
import { type ReportBench, reportBench } from '../../../test/support/reports.ts';
import { at, type IncidentBench, openIncidentBench } from '../../../test/support/supervision.ts';
import { type ListFormat, listExportQuery } from '../../contracts/reports.ts';
import { silentLogger } from '../../platform/log.ts';
import type { Supervisor } from '../supervisor.ts';
import { ReportMaker } from './report-maker.ts';

const { office, inspector, head, otherHead, admin } = cast;

let cases: IncidentBench;
let bench: ReportBench;
const maker = new ReportMaker({ log: silentLogger });
afterAll(() => maker.stop());
beforeEach(async () => {
  cases = await openIncidentBench();
  cases.accounts.push(...Object.values(cast).map(accountOf));
  bench = reportBench(cases, maker, { maxRows: 250 });
});
afterEach(() => cases.close());

const file = (person: Supervisor, format: ListFormat, query: object = {}) =>
  bench.lists.file(person, format, listExportQuery.parse(query), {
    address: '10.1.2.3',
    signal: new AbortController().signal,
  });
const csvOf = async (person: Supervisor, query: object = {}) =>
  (await buffer((await file(person, 'csv', query)).bytes)).toString();
const xlsxOf = async (person: Supervisor, query: object = {}) => buffer((await file(person, 'xlsx', query)).bytes);
/** By an independent reader: rows of values under their heads. */
async function rowsOf(xlsx: Buffer): Promise<Record<string, unknown>[]> {
  const [sheet] = await readXlsxFile(xlsx);
  const [heads = [], ...rows] = sheet?.data ?? [];
  return rows.map((row) => Object.fromEntries(row.map((cell, i) => [String(heads[i]), rounded(cell)])));
}

/** A workbook counts days in a float: seconds come back to within a millisecond. */
const rounded = (cell: unknown) => (cell instanceof Date ? new Date(Math.round(cell.getTime() / 1000) * 1000) : cell);
const wall = (local: string) => new Date(`${local.replace(' ', 'T')}Z`);

test('the workbook has a frozen head, a filter, widths, and moments as dates of the city', async () => {
  await caseIn(cases, 'explanation_requested', { note: 'Quầy trống' });
  const made = await file(inspector, 'xlsx');
  expect(made.name).toBe('vu-viec-2026-11-24.xlsx');
  const bytes = await buffer(made.bytes);
  expect(made.sizeBytes).toBe(bytes.length);
  const sheet = (await readXlsx(bytes)).sheets[0];
  expect(sheet).toMatchObject({ name: 'Vụ việc', freezePane: { rows: 1 }, autoFilter: { range: 'A1:Z2' } });
  expect(sheet?.columns?.map(({ width }) => width).slice(0, 3)).toEqual([14, 11, 34]);
  expect(await rowsOf(bytes)).toEqual([
    {
      Số: 'VV-2026-0001',
      'Mã hành vi': 'TN01',
      'Hành vi': 'Để dân chờ, quầy trống',
      'Mức độ': 2,
      'Diễn giải mức độ': 'Cần xử lý',
      'Đơn vị': 'Phường Hồng Hà',
      Camera: 'Quầy số 1',
      'Thời điểm': wall('2026-11-24 09:29:30'),
      'Đoạn từ': wall('2026-11-24 09:29:00'),
      'Đoạn đến': wall('2026-11-24 09:30:00'),
      'Trạng thái': 'Yêu cầu giải trình',
      'Thời hạn': wall('2026-11-27 16:30:00'),
      'Ngày làm việc còn lại': 3,
      'Tình trạng hạn': 'Còn hạn',
      'Báo cấp trên lúc': null,
      'Kết luận': null,
      'Nội dung sự việc': 'Quầy trống',
      'Câu hỏi cho đơn vị': 'Vì sao quầy trống?',
      'Nội dung ghi nhận': 'Quầy trống',
      'Người ghi nhận': 'Trần Thị Bình',
      'Bên ghi nhận': 'Phòng Nội vụ',
      'Người xử lý': null,
      'Ghi nhận lúc': wall('2026-11-24 09:30:00'),
      'Gửi đơn vị lúc': wall('2026-11-24 09:30:00'),
      'Kết thúc lúc': null,
      'Trùng với': null,
    },
  ]);
});

test('the CSV file is what Excel reads: a byte order mark, commas, CRLF, local times; in the language that is asked for', async () => {
  await caseIn(cases, 'explanation_requested', { note: 'Quầy "trống", dân chờ' });
  const csv = await csvOf(inspector, { lang: 'en' });
  expect(csv.codePointAt(0)).toBe(0xfeff);
  expect(csv.slice(1)).toBe(
    [
      'Number,Category code,Category,Severity,Severity in words,Unit,Camera,Moment,Stretch from,Stretch to,State,Deadline,Working days left,Term,Superior told at,Conclusion,Finding,Question to the unit,Note of the flag,Flagged by,Office of the flag,Assigned to,Flagged at,Sent to the unit at,Ended at,Duplicate of',
      'VV-2026-0001,TN01,"Desk unattended, citizens waiting",2,To act on,Phường Hồng Hà,Quầy số 1,2026-11-24 09:29:30,2026-11-24 09:29:00,2026-11-24 09:30:00,Explanation requested,2026-11-27 16:30:00,3,In time,,,"Quầy ""trống"", dân chờ",Vì sao quầy trống?,"Quầy ""trống"", dân chờ",Trần Thị Bình,Home Affairs office,,2026-11-24 09:30:00,2026-11-24 09:30:00,,',
    ].join('\r\n'),
  );
});

const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '=HYPERLINK("http://x","y")', '\t=1+1', '_x003D_1+1', "'=1"];

test('what begins like a formula is text in the workbook and in the CSV file', async () => {
  const { kysely } = cases.database;
  for (const note of formulas) {
    const { id } = await cases.incidents.create(office, flagOf(cases));
    await kysely
      .updateTable('incidents')
      .set({ note, camera_name: note, unit_name: note })
      .where('id', '=', id)
      .execute();
  }
  const sheet = (await readXlsx(await xlsxOf(office))).sheets[0];
  const notes = sheet?.rows.slice(1).map((row) => [row[5], row[6], row[18]]);
  expect(notes?.toSorted()).toEqual(formulas.map((note) => [note, note, note]).toSorted());
  expect([...(sheet?.cells?.values() ?? [])].filter(({ formula }) => formula !== undefined)).toEqual([]);
  const rows = parseCsv((await csvOf(office)).slice(1)).slice(1);
  const cells = rows.flatMap((row) => [row[5], row[6], row[18]]).map(String);
  expect(cells).toHaveLength(3 * formulas.length);
  expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
  expect(formulas.filter((note) => !cells.some((cell) => cell.endsWith(note)))).toEqual([]);
});

test('the unit has its own sent cases, without the columns that would say what it may not see', async () => {
  await caseIn(cases, 'explanation_requested', { note: 'bí mật' });
  await caseIn(cases, 'verifying', { note: 'chưa gửi' });
  const [one, ...others] = await rowsOf(await xlsxOf(head));
  expect(others).toEqual([]);
  expect(one).toMatchObject({ Số: 'VV-2026-0001', 'Nội dung sự việc': 'bí mật' });
  const hidden = [
    'Nội dung ghi nhận',
    'Người ghi nhận',
    'Bên ghi nhận',
    'Người xử lý',
    'Báo cấp trên lúc',
    'Ghi nhận lúc',
    'Trùng với',
  ];
  expect(hidden.filter((column) => column in (one ?? {}))).toEqual([]);
  expect(await csvOf(head)).not.toContain(office.name);
  expect(await rowsOf(await xlsxOf(otherHead))).toEqual([]);
  await expect(file(head, 'csv', { person: office.userId })).rejects.toMatchObject({ code: 'not_permitted' });
  await expect(file(admin, 'csv')).rejects.toMatchObject({ code: 'not_permitted' });
});

test('the filters are those of the list, and the trail has them with the number of rows', async () => {
  await caseIn(cases, 'concluded');
  await caseIn(cases, 'verifying', { severity: 3 });
  expect(await rowsOf(await xlsxOf(office, { state: 'verifying,flagged', q: 'hong ha' }))).toMatchObject([
    { Số: 'VV-2026-0002' },
  ]);
  await csvOf(office, { severity: '1' });
  expect(
    bench.audited.map(({ action, subject, address, details }) => ({ action, subject, address, ...details })),
  ).toEqual([
    {
      action: 'incident.list_exported',
      subject: 'incidents',
      address: '10.1.2.3',
      format: 'xlsx',
      rows: 1,
      filter: 'q=hong ha&state=verifying,flagged&sort=newest',
    },
    {
      action: 'incident.list_exported',
      subject: 'incidents',
      address: '10.1.2.3',
      format: 'csv',
      rows: 0,
      filter: 'severity=1&sort=newest',
    },
  ]);
});

/** Copies of a case, so many in all, without their history. */
async function copies(count: number): Promise<void> {
  const { id } = await cases.incidents.create(office, flagOf(cases));
  const { kysely } = cases.database;
  const row = await kysely.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const all = Array.from({ length: count - 1 }, (_, i) => ({
    ...row,
    id: `copy-${i}`,
    number: `VV-2025-${String(i + 2).padStart(4, '0')}`,
    created_at_ms: row.created_at_ms + Math.floor(i / 3),
  }));
  for (let i = 0; i < all.length; i += 20)
    await kysely
      .insertInto('incidents')
      .values(all.slice(i, i + 20))
      .execute();
}

test('all pages of the list are in the file, each case once, in its order; more than may be is refused with how many there are', async () => {
  await copies(250);
  const rows = await rowsOf(await xlsxOf(office, { sort: 'newest' }));
  expect(new Set(rows.map((row) => row.Số)).size).toBe(250);
  expect(rows.at(0)?.Số).toBe('VV-2025-0250');
  expect((await csvOf(office)).split('\r\n')).toHaveLength(251);
  await cases.incidents.create(office, flagOf(cases, { fromMs: at('2026-11-24 09:00'), toMs: at('2026-11-24 09:01') }));
  await expect(file(office, 'csv')).rejects.toMatchObject({ code: 'list_too_long', params: { count: 251, most: 250 } });
  // A refused list, and one whose reader breaks off, give their place back.
  for (let i = 0; i < 4; i++) {
    const { bytes } = await file(office, 'csv', { to: String(at('2026-11-24 09:10')) });
    const closed = new Promise((resolve) => bytes.once('close', resolve));
    bytes.destroy();
    await closed;
  }
});
