import type { Fragment } from './fragment-reader.ts';
import type { Init } from './init.ts';

/** NAL units before the first slice of a keyframe are few; more is no picture. */
const mostUnits = 32;
const longestSet = 256;
const h264Profiles: readonly number[] = [66, 77, 88, 100, 110, 122, 244, 44];

/**
 * The sequence parameter sets (ISO/IEC 14496-10, 7.3.2.1; 23008-2, 7.3.2.2) that stand before the first slice of a keyframe's fragment, as
 * hex, or null when it carries none that make sense. Another value than before means that resolution, profile or frame rate changed.
 */
export function sequenceParameters(fragment: Fragment, init: Init): string | null {
  if (!fragment.keyframe || (init.codec !== 'h264' && init.codec !== 'h265')) return null;
  const bytes = new Pieces(fragment.mdat);
  let at = fragment.dataOffset - fragment.moof.length;
  const end = at + (fragment.sampleBytes[0] ?? 0);
  if (at < 8) return null;
  const sets: string[] = [];
  for (let unit = 0; unit < mostUnits && at + 5 < end; unit += 1) {
    const length = bytes.number(at, 4);
    const first = bytes.number(at + 4, 1);
    const next = at + 4 + length;
    if (length < 2 || next > end) return null;
    const kind = init.codec === 'h264' ? h264Kind(first) : h265Kind(first);
    if (kind === 'slice') break;
    if (kind === 'sequence' && length <= longestSet) {
      const set = bytes.take(at + 4, length);
      if (init.codec === 'h264' && !plausible(set)) return null;
      sets.push(Buffer.from(set).toString('hex'));
    }
    at = next;
  }
  return sets.length === 0 ? null : sets.join(' ');
}

type Kind = 'sequence' | 'slice' | 'other';

function h264Kind(header: number): Kind {
  const type = header & 0x1f;
  return type === 7 ? 'sequence' : type >= 1 && type <= 5 ? 'slice' : 'other';
}

function h265Kind(header: number): Kind {
  const type = (header >> 1) & 0x3f;
  return type === 33 ? 'sequence' : type < 32 ? 'slice' : 'other';
}

/** Noise in the place of a parameter set must not pass for another format. */
function plausible(set: Uint8Array): boolean {
  const [header = 0, profile = 0, constraints = 0, level = 0] = set;
  return header >> 7 === 0 && h264Profiles.includes(profile) && (constraints & 3) === 0 && level >= 9 && level <= 62;
}

/** Bytes in several pieces, read as one without joining them. */
class Pieces {
  readonly #pieces: readonly Uint8Array[];

  constructor(pieces: readonly Uint8Array[]) {
    this.#pieces = pieces;
  }

  take(from: number, length: number): Uint8Array {
    const out = new Uint8Array(length);
    let start = 0;
    for (const piece of this.#pieces) {
      const first = Math.max(from, start);
      const last = Math.min(from + length, start + piece.length);
      if (last > first) out.set(piece.subarray(first - start, last - start), first - from);
      start += piece.length;
      if (start >= from + length) break;
    }
    return out;
  }

  number(from: number, length: number): number {
    return this.take(from, length).reduce((value, byte) => value * 256 + byte, 0);
  }
}
