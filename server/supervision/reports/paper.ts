/** A paper as plain data, so that it can be handed to the thread that makes a PDF of it. Every text in it is printable (`printable.ts`). */
export interface Paper {
  /** Left of the head, line by line; the last lines, in bold, are the body that issues the paper. */
  issuedBy: { superior: readonly string[]; body: readonly string[] };
  /** "Hạ Long, ngày 24 tháng 11 năm 2026" */
  placeAndDate: string;
  title: string;
  /** What the paper is about, below the title, line by line. */
  subject: readonly string[];
  /** Above everything else, for what is not real; null for a real paper. */
  warning: string | null;
  sections: readonly PaperSection[];
  /** Who signs, row by row; the last row stands beside the recipients. */
  signatures: readonly (readonly SignaturePlace[])[];
  recipients: readonly string[];
  /** At the foot of every page. */
  foot: string;
  /** For the properties of the file. */
  author: string;
  madeAtMs: number;
}

export interface PaperSection {
  heading: string;
  blocks: readonly PaperBlock[];
}

export type PaperBlock =
  | { kind: 'text'; text: string; heading?: string }
  /** Label and value. */
  | { kind: 'facts'; rows: readonly (readonly [string, string])[] }
  | { kind: 'table'; heading?: string; columns: readonly PaperColumn[]; rows: readonly (readonly string[])[] }
  | { kind: 'pictures'; pictures: readonly PaperPicture[] };

export interface PaperColumn {
  head: string;
  /** In points; `*` shares what is left. */
  width: number | '*';
  /** Long codes in small type. */
  small?: boolean;
}

export interface PaperPicture {
  caption: string;
  jpeg: Uint8Array | null;
  /** Said in place of a picture that is not there, or that cannot be read. */
  missing: string;
}

export interface SignaturePlace {
  who: string;
  how: string;
}
