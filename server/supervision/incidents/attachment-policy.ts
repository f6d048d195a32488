/** Which files may belong to a case, and what they are called. Pure. */

/** Media types that are taken, with the ending that a file of it has when it is downloaded. */
export const attachmentTypes: Readonly<Record<string, readonly string[]>> = {
  'application/pdf': ['pdf'],
  'image/jpeg': ['jpg', 'jpeg'],
  'image/png': ['png'],
  'image/webp': ['webp'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': ['pptx'],
  'application/msword': ['doc'],
  'application/vnd.ms-excel': ['xls'],
  'application/vnd.oasis.opendocument.text': ['odt'],
  'application/vnd.oasis.opendocument.spreadsheet': ['ods'],
};

const maxNameLength = 120;

/**
 * The name that a sender gave a file, fit to be shown and downloaded: no path, no control or invisible characters (which may turn the reading
 * direction round), and the ending of what the file is. It never names anything on a disk.
 */
export function displayName(given: string, type: string): string {
  const last = given.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const plain = last
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  const [ending = '', ...others] = attachmentTypes[type] ?? [];
  const dot = plain.lastIndexOf('.');
  const said = dot < 0 ? '' : plain.slice(dot + 1).toLowerCase();
  const known = said !== '' && [ending, ...others].includes(said);
  const stem = (known ? plain.slice(0, dot) : plain) || 'tệp';
  const end = `.${known ? said : ending}`;
  // Whole characters, so that no half of a pair is left.
  const cut = [...stem].slice(0, maxNameLength - end.length).join('');
  return `${cut}${end}`;
}

/** Bytes of a directory entry of a compound file (MS-CFB, section 2.6.1), which all begin at multiples of that. */
const entryBytes = 128;
const streamsOf: readonly (readonly [stream: string, type: string])[] = [
  ['WordDocument', 'application/msword'],
  ['Workbook', 'application/vnd.ms-excel'],
  ['Book', 'application/vnd.ms-excel'],
];

/** Storages in which Word and Excel keep macros (MS-OVBA, section 2.2.1). */
const macroStorages: ReadonlySet<string> = new Set(['Macros', '_VBA_PROJECT_CUR', 'VBA']);

/** What a compound file is, by the stream that Word and Excel keep their document in; undefined for any other, and for one with macros. */
export function typeOfCompoundFile(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let type: string | undefined;
  for (let at = 512; at + entryBytes <= bytes.length; at += entryBytes) {
    const kind = bytes[at + 66];
    const nameBytes = view.getUint16(at + 64, true);
    if ((kind !== 1 && kind !== 2) || nameBytes < 2 || nameBytes > 64) continue;
    const name = Buffer.from(bytes.buffer, bytes.byteOffset + at, nameBytes - 2).toString('utf16le');
    if (kind === 1 && macroStorages.has(name)) return undefined;
    if (kind === 2) type ??= streamsOf.find(([stream]) => stream === name)?.[1];
  }
  return type;
}
