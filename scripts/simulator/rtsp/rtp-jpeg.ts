/** What RFC 2435 sends of one JPEG: no headers, but what they say. */
export interface JpegScan {
  width: number;
  height: number;
  /** Chrominance subsampling as the RTP type: 0 is 4:2:2, 1 is 4:2:0. */
  type: 0 | 1;
  /** Quantisation tables of luminance and chrominance, 64 bytes each, in zigzag order. */
  tables: Buffer;
  /** The entropy-coded data. */
  scan: Buffer;
}

const MARKER = { image: 0xd8, end: 0xd9, tables: 0xdb, frame: 0xc0, scan: 0xda, restart: 0xdd };
const HEADER_BYTES = 8;
const TABLES_HEADER_BYTES = 4;
/** Tables are sent with every frame (section 4.2): none are remembered under this number. */
const TABLES_IN_BAND = 255;

/** Splits JPEGs that follow each other in a file; `offset` is where one begins. Throws Error where something else stands. */
export function jpegsOf(bytes: Buffer): { offset: number; jpeg: Buffer }[] {
  const jpegs: { offset: number; jpeg: Buffer }[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const { dataAt } = headersOf(bytes.subarray(offset));
    // In entropy-coded data 0xff is followed by zero, so that this can be nothing else than the end.
    const end = bytes.indexOf(Buffer.from([0xff, MARKER.end]), offset + dataAt);
    if (end < 0) throw new Error('a JPEG without an end');
    jpegs.push({ offset, jpeg: bytes.subarray(offset, end + 2) });
    offset = end + 2;
  }
  return jpegs;
}

/** Throws Error on a JPEG that RTP cannot carry: not baseline, with restarts, or larger than 2040 pixels. */
export function jpegScan(jpeg: Buffer): JpegScan {
  const { segments, dataAt } = headersOf(jpeg);
  const tables = new Map<number, Buffer>();
  let frame: Buffer | undefined;
  for (const { marker, body } of segments) {
    if (marker === MARKER.restart) throw new Error('a JPEG with restart markers');
    if (marker === MARKER.frame) frame = body;
    if (marker !== MARKER.tables) continue;
    for (let at = 0; at + 65 <= body.length; at += 65) tables.set(body.readUInt8(at), body.subarray(at + 1, at + 65));
  }
  if (frame === undefined) throw new Error('no baseline JPEG');
  const [height, width] = [frame.readUInt16BE(1), frame.readUInt16BE(3)];
  if (width > 2040 || height > 2040) throw new Error(`a JPEG of ${width}x${height} is too large for RTP`);
  const sampling = frame.readUInt8(7);
  if (sampling !== 0x22 && sampling !== 0x21) throw new Error('a JPEG of an unknown subsampling');
  const luma = tables.get(frame.readUInt8(8));
  const chroma = tables.get(frame.readUInt8(11));
  if (luma === undefined || chroma === undefined) throw new Error('a JPEG without its quantisation tables');
  return {
    width,
    height,
    type: sampling === 0x22 ? 1 : 0,
    tables: Buffer.concat([luma, chroma]),
    scan: jpeg.subarray(dataAt, jpeg.length - 2),
  };
}

/** The RTP payloads of one frame (RFC 2435, section 3.1), none longer than `maxBytes`. */
export function jpegPayloads({ width, height, type, tables, scan }: JpegScan, maxBytes: number): Buffer[] {
  const payloads: Buffer[] = [];
  for (let at = 0; at < scan.length; ) {
    const first = at === 0;
    const header = Buffer.alloc(HEADER_BYTES + (first ? TABLES_HEADER_BYTES : 0));
    header.writeUIntBE(at, 1, 3);
    header.writeUInt8(type, 4);
    header.writeUInt8(TABLES_IN_BAND, 5);
    header.writeUInt8(Math.ceil(width / 8), 6);
    header.writeUInt8(Math.ceil(height / 8), 7);
    if (first) header.writeUInt16BE(tables.length, HEADER_BYTES + 2);
    const head = first ? Buffer.concat([header, tables]) : header;
    const data = scan.subarray(at, at + maxBytes - head.length);
    payloads.push(Buffer.concat([head, data]));
    at += data.length;
  }
  return payloads;
}

/** The segments before the entropy-coded data (ITU-T T.81, annex B), without their lengths. */
function headersOf(jpeg: Buffer): { segments: { marker: number; body: Buffer }[]; dataAt: number } {
  if (jpeg.length < 4 || jpeg.readUInt16BE(0) !== (0xff00 | MARKER.image)) throw new Error('no JPEG');
  const segments: { marker: number; body: Buffer }[] = [];
  for (let at = 2; at + 4 <= jpeg.length; ) {
    if (jpeg[at] !== 0xff) throw new Error('a JPEG with a broken header');
    const marker = jpeg.readUInt8(at + 1);
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    segments.push({ marker, body: jpeg.subarray(at + 4, end) });
    if (marker === MARKER.scan) return { segments, dataAt: end };
    at = end;
  }
  throw new Error('a JPEG without a picture');
}
