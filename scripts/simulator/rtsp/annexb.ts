import type { ClipCodec } from '../clips.ts';

export interface AccessUnit {
  /** Where its access unit delimiter begins in the file. */
  offset: number;
  keyframe: boolean;
  /** What is sent: everything but delimiters and SEI. */
  nals: Buffer[];
}

/** Splits an Annex B stream (ISO/IEC 14496-10 annex B) whose frames each begin with an access unit delimiter. */
export function accessUnits(bytes: Buffer, codec: ClipCodec): AccessUnit[] {
  const units: AccessUnit[] = [];
  for (const { offset, nal } of nalUnits(bytes)) {
    const kind = kindOf(nal, codec);
    if (kind === 'delimiter') {
      units.push({ offset, keyframe: false, nals: [] });
      continue;
    }
    const unit = units.at(-1);
    if (!unit || kind === 'sei') continue;
    if (kind === 'keyframe') unit.keyframe = true;
    unit.nals.push(nal);
  }
  return units;
}

/** NAL units without their start codes; `offset` is that of the start code. */
export function* nalUnits(bytes: Buffer): Generator<{ offset: number; nal: Buffer }> {
  let start = startCode(bytes, 0);
  while (start) {
    const next = startCode(bytes, start.payload);
    yield { offset: start.offset, nal: bytes.subarray(start.payload, next ? next.offset : bytes.length) };
    start = next;
  }
}

export function isParameterSet(nal: Buffer, codec: ClipCodec): boolean {
  return kindOf(nal, codec) === 'parameters';
}

type Kind = 'delimiter' | 'parameters' | 'sei' | 'keyframe' | 'other';

function kindOf(nal: Buffer, codec: ClipCodec): Kind {
  const first = nal[0] ?? 0;
  if (codec === 'h264') {
    const type = first & 0x1f;
    if (type === 9) return 'delimiter';
    if (type === 7 || type === 8) return 'parameters';
    if (type === 6) return 'sei';
    return type === 5 ? 'keyframe' : 'other';
  }
  const type = (first >> 1) & 0x3f;
  if (type === 35) return 'delimiter';
  if (type >= 32 && type <= 34) return 'parameters';
  if (type === 39 || type === 40) return 'sei';
  return type >= 16 && type <= 21 ? 'keyframe' : 'other';
}

const START_CODE = Buffer.from([0, 0, 1]);

function startCode(bytes: Buffer, from: number): { offset: number; payload: number } | undefined {
  const found = bytes.indexOf(START_CODE, from);
  if (found < 0) return undefined;
  const long = found > from && bytes[found - 1] === 0;
  return { offset: long ? found - 1 : found, payload: found + 3 };
}
