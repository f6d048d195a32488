import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { writeXlsx } from 'hucre/xlsx';
import type { Paper, PaperPicture } from './paper.ts';
import { layOut } from './paper-layout.ts';
import type { PdfMake } from './pdfmake-types.ts';
import type { ReportAnswer, ReportOrder } from './report-maker.ts';
import { sheetOf, type TableCell } from './sheet.ts';

/** The thread that makes PDFs and workbooks, so that live pictures and recording never wait for one. */

const require = createRequire(import.meta.url);

const pdfmake = require('pdfmake') as PdfMake;
const face = (name: string) => require.resolve(`@expo-google-fonts/tinos/${name}.ttf`);
const tinos = {
  normal: face('400Regular/Tinos_400Regular'),
  bold: face('700Bold/Tinos_700Bold'),
  italics: face('400Regular_Italic/Tinos_400Regular_Italic'),
  bolditalics: face('700Bold_Italic/Tinos_700Bold_Italic'),
};
pdfmake.setFonts({ Tinos: tinos });
const ownFiles = new Set(Object.values(tinos));
// A paper reads nothing but its typeface: no address and no other file, whatever stands in its text.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path) => ownFiles.has(path));

const dataUrl = (jpeg: Uint8Array): string => `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`;

async function pdf(paper: Paper): Promise<Uint8Array> {
  const images: Record<string, string> = {};
  const names = new Map<PaperPicture, string>();
  for (const block of paper.sections.flatMap(({ blocks }) => blocks)) {
    if (block.kind !== 'pictures') continue;
    for (const picture of block.pictures) {
      if (picture.jpeg === null || !(await isReadable(picture.jpeg))) continue;
      const name = `picture-${names.size}`;
      names.set(picture, name);
      images[name] = dataUrl(picture.jpeg);
    }
  }
  const document = layOut(paper, (picture) => names.get(picture) ?? null);
  return pdfmake.createPdf({ ...document, images }).getBuffer();
}

/** One broken picture must not cost the whole paper: each is tried by itself before. */
async function isReadable(jpeg: Uint8Array): Promise<boolean> {
  try {
    await pdfmake
      .createPdf({
        content: [{ image: 'one', width: 100 }],
        images: { one: dataUrl(jpeg) },
        defaultStyle: { font: 'Tinos' },
      })
      .getBuffer();
    return true;
  } catch {
    return false;
  }
}

/** Rows of the workbook to come. */
let rows: TableCell[][] = [];

async function work(order: Exclude<ReportOrder, { kind: 'rows' }>): Promise<Uint8Array> {
  if (order.kind === 'pdf') return pdf(order.paper);
  const table = { ...order, rows };
  rows = [];
  return writeXlsx(sheetOf(table));
}

// Of Linux alone: a thread has a priority of its own there, elsewhere the whole process would give way.
if (process.platform === 'linux') setPriority(0, 10);
// The typeface is in memory before the first paper asks for it.
for (const file of ownFiles) readFileSync(file);

parentPort?.on('message', (order: ReportOrder) => {
  if (order.kind === 'rows') {
    rows.push(...order.rows);
    return;
  }
  work(order).then(
    (made) => {
      const bytes = new Uint8Array(made);
      parentPort?.postMessage({ bytes } satisfies ReportAnswer, [bytes.buffer]);
    },
    (error: unknown) => parentPort?.postMessage({ failure: String(error).slice(0, 500) } satisfies ReportAnswer),
  );
});
