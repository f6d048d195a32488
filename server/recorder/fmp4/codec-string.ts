import type { Codec } from '../../contracts/cameras.ts';
import { type Box, boxesIn, Fmp4Error, u16, u32 } from './boxes.ts';

export interface VideoFormat {
  codec: Codec;
  /** What MediaSource.isTypeSupported is asked, RFC 6381. */
  codecString: string;
  width: number;
  height: number;
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');

/** The format in a visual sample entry (ISO/IEC 14496-12, 12.1.3) whose header is at `start`. */
export function readVisualSampleEntry(bytes: Uint8Array, start: number, end: number, type: string): VideoFormat {
  const width = u16(bytes, start + 32);
  const height = u16(bytes, start + 34);
  const children = start + 86;
  if (type === 'avc1' || type === 'avc3') {
    const avcC = child(bytes, children, end, 'avcC');
    if (avcC === null) throw new Fmp4Error('H.264 without its configuration');
    const at = avcC.body;
    const profile = hex((u32(bytes, at) & 0xffffff) >>> 0, 6);
    return { codec: 'h264', codecString: `${type}.${profile}`, width, height };
  }
  if (type === 'hvc1' || type === 'hev1') {
    const hvcC = child(bytes, children, end, 'hvcC');
    if (hvcC === null) throw new Fmp4Error('H.265 without its configuration');
    return { codec: 'h265', codecString: hevcString(bytes, hvcC.body, type), width, height };
  }
  if (type === 'mp4v' || type === 'jpeg' || type === 'mjpg') {
    return { codec: 'mjpeg', codecString: type === 'mp4v' ? 'mp4v.6c' : type, width, height };
  }
  return { codec: 'unknown', codecString: type.replace(/[^\w]/g, '_'), width, height };
}

/** What an audio sample entry (ISO/IEC 14496-12, 12.2.3) is called in RFC 6381: for AAC its object type from the esds box. */
export function readAudioSampleEntry(bytes: Uint8Array, entry: Box): string {
  if (entry.type !== 'mp4a') return entry.type.replace(/[^\w]/g, '_');
  const esds = child(bytes, entry.start + 36, entry.end, 'esds');
  // DecoderSpecificInfo (tag 5, ISO/IEC 14496-1, 7.2.6.7); sizes come with up to three bytes of padding.
  for (let at = (esds?.body ?? entry.end) + 4; esds !== null && at < esds.end - 5; at += 1) {
    if (bytes[at] !== 5) continue;
    let body = at + 1;
    while (((bytes[body] ?? 0) & 0x80) !== 0) body += 1;
    const objectType = (bytes[body + 1] ?? 0) >> 3;
    if ((bytes[body] ?? 0) >= 2 && objectType >= 1 && objectType <= 31) return `mp4a.40.${objectType}`;
  }
  return 'mp4a.40.2';
}

function child(bytes: Uint8Array, from: number, to: number, type: string) {
  for (const box of boxesIn(bytes, from, to)) if (box.type === type) return box;
  return null;
}

/** ISO/IEC 14496-15, annex E.3: profile, compatibility in reversed bits, tier and level, then the constraint bytes without trailing zeros. */
function hevcString(bytes: Uint8Array, at: number, type: string): string {
  u32(bytes, at + 12);
  const first = bytes[at + 1] ?? 0;
  const space = ['', 'A', 'B', 'C'][first >> 6] ?? '';
  const tier = first & 0x20 ? 'H' : 'L';
  let reversed = 0;
  const compatibility = u32(bytes, at + 2);
  for (let bit = 0; bit < 32; bit += 1) if (compatibility & (2 ** bit)) reversed += 2 ** (31 - bit);
  const constraints: string[] = [];
  for (let i = 0; i < 6; i += 1) constraints.push((bytes[at + 6 + i] ?? 0).toString(16).toUpperCase());
  while (constraints.length > 0 && constraints.at(-1) === '0') constraints.pop();
  const level = bytes[at + 12] ?? 0;
  return [
    `${type}.${space}${first & 0x1f}`,
    reversed.toString(16).toUpperCase(),
    `${tier}${level}`,
    ...constraints,
  ].join('.');
}
