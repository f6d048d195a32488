import { maxAttachmentBytes, maxAttachmentsPerStep } from '../../../server/contracts/incidents.ts';

/** What may be attached, after the server's own rule: kinds of file by their ending, with the type that is told to the server. */
const TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
};
export const LARGEST_BYTES = maxAttachmentBytes;
/** As people say it. */
export const LARGEST_WORDS = `${LARGEST_BYTES / 1024 / 1024} MB`;
export const MOST_FILES = maxAttachmentsPerStep;

/** For the file dialog of the browser. */
export const ACCEPTED = Object.keys(TYPES)
  .map((ending) => `.${ending}`)
  .join(',');

const endingOf = (name: string): string => (name.includes('.') ? (name.split('.').at(-1) ?? '').toLowerCase() : '');

/** The media type of a file by its ending; undefined for what may not be attached. */
export const typeOf = (name: string): string | undefined => TYPES[endingOf(name)];

export type FileRefusal = 'type' | 'size' | 'empty' | 'count' | 'twice';

/** Why a file cannot be attached beside those there are, told before anything is sent; null when it can. */
export function refuseFile(
  file: { name: string; size: number },
  present: readonly { name: string; sizeBytes: number }[],
): FileRefusal | null {
  if (typeOf(file.name) === undefined) return 'type';
  if (file.size === 0) return 'empty';
  if (file.size > LARGEST_BYTES) return 'size';
  if (present.some(({ name, sizeBytes }) => name === file.name && sizeBytes === file.size)) return 'twice';
  return present.length >= MOST_FILES ? 'count' : null;
}

export type FileKind = 'pdf' | 'picture' | 'text' | 'sheet' | 'slides' | 'other';

/** What a file is, for its icon. */
export function kindOf(name: string): FileKind {
  const ending = endingOf(name);
  if (ending === 'pdf') return 'pdf';
  if (['jpg', 'jpeg', 'png', 'webp'].includes(ending)) return 'picture';
  if (['doc', 'docx', 'odt'].includes(ending)) return 'text';
  if (['xls', 'xlsx', 'ods'].includes(ending)) return 'sheet';
  return ending === 'pptx' ? 'slides' : 'other';
}
