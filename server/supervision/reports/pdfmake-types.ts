/** The part of pdfmake's document definition that papers use; the types of its own package bring the browser's with them. */
export interface PdfStyle {
  font?: string;
  fontSize?: number;
  lineHeight?: number;
  bold?: boolean;
  italics?: boolean;
  color?: string;
  alignment?: 'left' | 'center' | 'right';
  /** Left, top, right, bottom, in points. */
  margin?: readonly [number, number, number, number];
  noWrap?: boolean;
  wordBreak?: 'normal' | 'break-all';
}

export interface PdfNode extends PdfStyle {
  text?: string | readonly PdfNode[];
  stack?: readonly PdfNode[];
  columns?: readonly PdfNode[];
  columnGap?: number;
  width?: number | '*' | 'auto';
  table?: {
    widths: readonly (number | '*')[];
    heights?: number;
    headerRows?: number;
    dontBreakRows?: boolean;
    body: readonly (readonly PdfNode[])[];
  };
  layout?: PdfTableLayout;
  /** Name of one of the document's images. */
  image?: string;
  fit?: readonly [number, number];
  canvas?: readonly { type: 'line'; x1: number; y1: number; x2: number; y2: number; lineWidth: number }[];
  unbreakable?: boolean;
  headlineLevel?: number;
}

export interface PdfTableLayout {
  defaultBorder?: boolean;
  hLineWidth?: () => number;
  vLineWidth?: () => number;
  paddingLeft?: () => number;
  paddingRight?: () => number;
  paddingTop?: () => number;
  paddingBottom?: () => number;
}

/** What pdfmake knows of a node that it has placed. */
export interface PlacedNode {
  headlineLevel?: number;
  startPosition: { verticalRatio: number };
}

export interface PdfDefinition {
  pageSize: 'A4';
  pageMargins: readonly [number, number, number, number];
  language: string;
  info: { title: string; author: string; creationDate: Date };
  defaultStyle: PdfStyle;
  header: (page: number) => PdfNode | '';
  footer: (page: number, pages: number) => PdfNode;
  pageBreakBefore: (node: PlacedNode) => boolean;
  content: readonly PdfNode[];
}

/** Its program, as far as it is used. */
export interface PdfMake {
  setFonts(fonts: Readonly<Record<string, object>>): void;
  setUrlAccessPolicy(allowed: (url: string) => boolean): void;
  setLocalAccessPolicy(allowed: (path: string) => boolean): void;
  createPdf(document: object): { getBuffer(): Promise<Uint8Array> };
}
