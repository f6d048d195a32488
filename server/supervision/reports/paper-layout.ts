import type { Paper, PaperBlock, PaperColumn, PaperPicture, PaperSection, SignaturePlace } from './paper.ts';
import type { PdfDefinition, PdfNode } from './pdfmake-types.ts';

/** Millimetres in points. */
const mm = (n: number) => (n * 72) / 25.4;
/** Margins as Nghị định 30/2020/NĐ-CP, Phụ lục I: left 30 mm, top, right and bottom 20 mm. */
const margins = { left: mm(30), top: mm(20), right: mm(20), bottom: mm(20) };
const width = mm(210) - margins.left - margins.right;
const grey = '#333333';

const bodySize = 13;
const tableSize = 11;
/** Characters of a cell that may be half a page. */
const longCell = 600;

/**
 * A paper in the form of Nghị định 30/2020/NĐ-CP: A4, a Times face, issuing body on the left and national motto on the right, number below the body and
 * place and date below the motto, pages numbered at the top from the second on. `readable` tells the pictures that a PDF can hold. Pure.
 */
export function layOut(paper: Paper, readable: (picture: PaperPicture) => string | null): PdfDefinition {
  return {
    pageSize: 'A4',
    pageMargins: [margins.left, margins.top, margins.right, margins.bottom],
    language: 'vi-VN',
    info: {
      title: `${paper.title}: ${paper.subject[0] ?? ''}`,
      author: paper.author,
      creationDate: new Date(paper.madeAtMs),
    },
    defaultStyle: { font: 'Tinos', fontSize: bodySize, lineHeight: 1.12 },
    header: (page: number) =>
      page === 1 ? '' : { text: String(page), alignment: 'center', fontSize: bodySize, margin: [0, mm(9), 0, 0] },
    footer: (page: number, pages: number) => ({
      columns: [
        { text: paper.foot, width: '*' },
        { text: `Trang ${page}/${pages}`, width: 60, alignment: 'right' },
      ],
      fontSize: 8.5,
      color: grey,
      margin: [margins.left, mm(7), margins.right, 0],
    }),
    // A heading does not stand alone at the end of a page.
    pageBreakBefore: ({ headlineLevel, startPosition }) =>
      headlineLevel !== undefined && startPosition.verticalRatio > 0.92,
    content: [
      ...warning(paper.warning),
      head(paper),
      { text: paper.title, bold: true, fontSize: 14, alignment: 'center', margin: [0, 16, 0, 2] },
      ...paper.subject.map((line): PdfNode => ({ text: wrapped(line), bold: true, alignment: 'center' })),
      rule(70, 4, 12),
      ...paper.sections.flatMap((section) => sectionContent(section, readable)),
      ending(paper),
    ],
  };
}

function warning(words: string | null): PdfNode[] {
  if (words === null) return [];
  const cell: PdfNode = { text: words, bold: true, fontSize: 10, alignment: 'center' };
  const table = { widths: ['*'] as const, body: [[cell]] };
  return [{ table, layout: { paddingTop: () => 3, paddingBottom: () => 1 }, margin: [0, 0, 0, 10] }];
}

/** A line of its own in the middle of a column. */
const rule = (length: number, above: number, below: number, columnWidth: number = width): PdfNode => ({
  canvas: [
    { type: 'line', x1: (columnWidth - length) / 2, y1: 0, x2: (columnWidth + length) / 2, y2: 0, lineWidth: 0.7 },
  ],
  margin: [0, above, 0, below],
});

const leftWidth = 185;
const rightWidth = width - leftWidth;

function head({ issuedBy: { superior, body }, placeAndDate }: Paper): PdfNode {
  const centred = (text: string, more: PdfNode = {}): PdfNode => ({
    text: wrapped(text),
    alignment: 'center',
    ...more,
  });
  return {
    columns: [
      {
        width: leftWidth,
        stack: [
          ...superior.map((line) => centred(line, { fontSize: 12 })),
          ...body.map((line) => centred(line, { fontSize: 12, bold: true })),
          rule(64, 2, 8, leftWidth),
          centred('Số: ……/……'),
        ],
      },
      {
        width: rightWidth,
        stack: [
          centred('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', { fontSize: 12, bold: true, noWrap: true }),
          centred('Độc lập - Tự do - Hạnh phúc', { fontSize: 13, bold: true }),
          rule(164, 2, 8, rightWidth),
          centred(placeAndDate, { italics: true }),
        ],
      },
    ],
  };
}

function sectionContent(
  { heading, blocks }: PaperSection,
  readable: (picture: PaperPicture) => string | null,
): PdfNode[] {
  const title: PdfNode = { text: heading, bold: true, margin: [0, 8, 0, 4], headlineLevel: 1 };
  const content = blocks.flatMap((block) => blockContent(block, readable));
  return [title, ...content];
}

function blockContent(block: PaperBlock, readable: (picture: PaperPicture) => string | null): PdfNode[] {
  switch (block.kind) {
    case 'text':
      return [...subheading(block.heading), { text: wrapped(block.text), alignment: 'left', margin: [0, 0, 0, 5] }];
    case 'facts':
      return [factTable(block.rows)];
    case 'table':
      return [...subheading(block.heading), grid(block.columns, block.rows)];
    case 'pictures':
      return pictureRows(block.pictures, readable);
  }
}

const subheading = (text: string | undefined): PdfNode[] =>
  text === undefined ? [] : [{ text: wrapped(text), italics: true, margin: [0, 3, 0, 2], headlineLevel: 2 }];

function factTable(rows: readonly (readonly [string, string])[]): PdfNode {
  return {
    table: {
      widths: [140, '*'],
      body: rows.map(([label, value]) => [{ text: `${label}:` }, { text: wrapped(value) }]),
    },
    layout: {
      defaultBorder: false,
      paddingLeft: () => 0,
      paddingRight: () => 4,
      paddingTop: () => 1,
      paddingBottom: () => 1,
    },
    margin: [0, 0, 0, 4],
  };
}

function grid(columns: readonly PaperColumn[], rows: readonly (readonly string[])[]): PdfNode {
  const cell = (text: string, i: number) =>
    columns[i]?.small === true
      ? { text: wrapped(text, 80), fontSize: 7.5, margin: [0, 2, 0, 0] as const }
      : { text: wrapped(text, 24) };
  return {
    table: {
      headerRows: 1,
      // A row stays on one page, unless it could be longer than one.
      dontBreakRows: rows.every((row) => row.every((text) => text.length < longCell)),
      widths: columns.map((column) => column.width),
      body: [columns.map(({ head }) => ({ text: head, bold: true })), ...rows.map((row) => row.map(cell))],
    },
    layout: {
      hLineWidth: () => 0.5,
      vLineWidth: () => 0.5,
      paddingLeft: () => 3,
      paddingRight: () => 3,
      paddingTop: () => 1,
      paddingBottom: () => 1,
    },
    fontSize: tableSize,
    margin: [0, 0, 0, 6],
  };
}

const gutter = 12;
const pictureWidth = (width - gutter) / 2;

/** Two beside each other, each with its time below; a picture keeps its shape. */
function pictureRows(pictures: readonly PaperPicture[], readable: (picture: PaperPicture) => string | null): PdfNode[] {
  const cells = pictures.map((picture): PdfNode => {
    const name = readable(picture);
    const shown: PdfNode =
      name === null
        ? {
            table: {
              widths: [pictureWidth - 12],
              heights: 60,
              body: [
                [{ text: picture.missing, italics: true, fontSize: 11, alignment: 'center', margin: [0, 16, 0, 0] }],
              ],
            },
            layout: { hLineWidth: () => 0.5, vLineWidth: () => 0.5 },
          }
        : { image: name, fit: [pictureWidth, 116], alignment: 'center' };
    return {
      width: pictureWidth,
      stack: [
        shown,
        { text: picture.caption, fontSize: 10.5, italics: true, alignment: 'center', margin: [0, 2, 0, 0] },
      ],
    };
  });
  const rows: PdfNode[] = [];
  for (let i = 0; i < cells.length; i += 2) {
    rows.push({ columns: cells.slice(i, i + 2), columnGap: gutter, margin: [0, 0, 0, 8], unbreakable: true });
  }
  return rows;
}

/** Signatures and recipients, which stay on one page. */
function ending({ signatures, recipients }: Paper): PdfNode {
  const place = ({ who, how }: SignaturePlace): PdfNode => ({
    width: '*',
    stack: [
      { text: wrapped(who), bold: true, alignment: 'center' },
      { text: how, italics: true, fontSize: 11, alignment: 'center' },
    ],
    margin: [0, 0, 0, 54],
  });
  const last = signatures.at(-1) ?? [];
  const list: PdfNode = {
    width: 190,
    stack: [
      { text: 'Nơi nhận:', bold: true, italics: true, fontSize: 12 },
      ...recipients.map((line): PdfNode => ({ text: wrapped(line), fontSize: 11 })),
    ],
  };
  return {
    unbreakable: true,
    margin: [0, 14, 0, 0],
    stack: [
      ...signatures.slice(0, -1).map((row): PdfNode => ({ columns: row.map(place) })),
      { columns: [list, ...last.map(place)] },
    ],
  };
}

type Piece = { text: string; wordBreak?: 'break-all' };

/** Each letter of a word that may break anywhere costs memory: a text with more of them breaks here and there instead. */
const mostAnywhere = 400;

/**
 * Text whose words break where they are longer than `most`: one without a space must not push a table off the page. They break between any two letters, or,
 * where they are longer than any address or hash, at spaces without width every 12.
 */
function wrapped(text: string, most = 30): string | Piece[] {
  const long = new RegExp(`(\\S{${most},})`, 'u');
  if (!long.test(text)) return text;
  const pieces = text.split(long);
  const letters = pieces.reduce((sum, piece, i) => sum + (i % 2 === 1 ? piece.length : 0), 0);
  if (letters > mostAnywhere) return text.replace(/\S{12}(?=\S)/gu, '$&\u200b');
  return pieces.map((piece, i) => (i % 2 === 1 ? { text: piece, wordBreak: 'break-all' } : { text: piece }));
}
