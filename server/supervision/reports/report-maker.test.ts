import { readXlsx } from 'hucre/xlsx';
import { afterEach, expect, test } from 'vitest';
import { AppError } from '../../platform/errors.ts';
import { silentLogger } from '../../platform/log.ts';
import type { Paper } from './paper.ts';
import { ReportMaker } from './report-maker.ts';

let maker: ReportMaker;
afterEach(() => maker.stop());

const never = new AbortController().signal;
async function* batchesOf(rows: string[][]) {
  yield rows;
}
const sheet = (rows: string[][] = [['x']]) =>
  ({ kind: 'xlsx', name: 'a', columns: [{ head: 'A', width: 5 }], batches: batchesOf(rows) }) as const;
const paper = (paragraphs: number): Paper => ({
  issuedBy: { superior: [], body: ['A'] },
  placeAndDate: 'A',
  title: 'A',
  subject: [],
  warning: null,
  sections: [
    {
      heading: 'I',
      blocks: Array.from({ length: paragraphs }, () => ({ kind: 'text', text: 'từng chữ '.repeat(400) })),
    },
  ],
  signatures: [],
  recipients: [],
  foot: 'A',
  author: 'A',
  madeAtMs: 0,
});

test('so many are under way at once, of everybody and of one person; the next is told to try again', () => {
  maker = new ReportMaker({ log: silentLogger, most: 3, mostOfOne: 2 });
  const leave = maker.enter('an');
  maker.enter('an');
  expect(() => maker.enter('an')).toThrow(expect.objectContaining({ code: 'reports_busy', retry: true }));
  maker.enter('binh');
  expect(() => maker.enter('minh')).toThrow(expect.objectContaining({ code: 'reports_busy' }));
  leave();
  leave();
  maker.enter('an');
  expect(() => maker.enter('minh')).toThrow(expect.objectContaining({ code: 'reports_busy' }));
});

test('one that takes too long is given up', async () => {
  maker = new ReportMaker({ log: silentLogger, withinMs: 30 });
  await expect(maker.make({ kind: 'pdf', paper: paper(1000) }, never)).rejects.toMatchObject({ code: 'report_failed' });
});

test('one that takes too much memory is given up with its thread, and the server and the next go on', async () => {
  maker = new ReportMaker({ log: silentLogger, heapMb: 24 });
  const rows = Array.from({ length: 10_000 }, (_, i) =>
    Array.from({ length: 20 }, (_, j) => `${i} ${j} ${'x'.repeat(40)}`),
  );
  await expect(maker.make(sheet(rows), never)).rejects.toMatchObject({ code: 'report_failed' });
  expect((await maker.make(sheet(), never)).length).toBeGreaterThan(1000);
});

test('whoever has gone before the turn came is passed over', async () => {
  maker = new ReportMaker({ log: silentLogger });
  const gone = AbortSignal.abort(new Error('gone'));
  await expect(maker.make(sheet(), gone)).rejects.toThrow('gone');
  expect((await maker.make(sheet(), never)).length).toBeGreaterThan(1000);
});

test('rows that cannot be read any more are told as what they are, and none of them is in the next workbook', async () => {
  maker = new ReportMaker({ log: silentLogger });
  async function* breaking() {
    yield [['of the one that failed']];
    throw new AppError('unavailable', 'database_unavailable');
  }
  await expect(maker.make({ ...sheet(), batches: breaking() }, never)).rejects.toMatchObject({
    code: 'database_unavailable',
  });
  const workbook = await readXlsx(await maker.make(sheet(), never));
  expect(workbook.sheets[0]?.rows).toEqual([['A'], ['x']]);
});
