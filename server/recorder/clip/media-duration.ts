import { open } from 'node:fs/promises';
import { boxesIn, boxType, Fmp4Error, findBox, u32, u64 } from '../fmp4/boxes.ts';

/** A clip of four hours has an index of a few megabytes. */
const maxMoovBytes = 256 * 2 ** 20;

/** Length of the video track of an MP4 file whose `moov` stands in front, in ms (ISO/IEC 14496-12, 8.4.2). Throws `Fmp4Error`. */
export async function mediaDurationMs(path: string): Promise<number> {
  const handle = await open(path, 'r');
  try {
    let at = 0;
    for (;;) {
      const head = new Uint8Array(8);
      if ((await handle.read(head, 0, 8, at)).bytesRead < 8) throw new Fmp4Error('no moov in front');
      const size = u32(head, 0);
      const type = boxType(head, 4);
      if (type === 'mdat' || size < 8 || size > maxMoovBytes) throw new Fmp4Error('no moov in front');
      if (type === 'moov') {
        const moov = new Uint8Array(size);
        if ((await handle.read(moov, 0, size, at)).bytesRead < size) throw new Fmp4Error('a torn moov');
        return trackDurationMs(moov);
      }
      at += size;
    }
  } finally {
    await handle.close();
  }
}

function trackDurationMs(moov: Uint8Array): number {
  for (const trak of boxesIn(moov, 8, moov.length)) {
    if (trak.type !== 'trak') continue;
    const mdhd = findBox(moov, trak.body, trak.end, ['mdia', 'mdhd']);
    if (mdhd === null) continue;
    const wide = moov[mdhd.body] === 1;
    const timescale = u32(moov, mdhd.body + (wide ? 20 : 12));
    const duration = wide ? u64(moov, mdhd.body + 24) : u32(moov, mdhd.body + 16);
    if (timescale > 0) return Math.round((duration * 1000) / timescale);
  }
  throw new Fmp4Error('no track');
}
