import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { Fmp4Error } from '../fmp4/boxes.ts';
import { FragmentReader } from '../fmp4/fragment-reader.ts';
import type { Init } from '../fmp4/init.ts';
import type { Recording } from './archive-index.ts';
import { readFlags } from './files.ts';
import { encodeKeyframes, type KeyframeEntry } from './keyframe-table.ts';

export interface ScannedFile {
  /** All of the row that the bytes alone can tell; null when no fragment is whole. */
  recording: Omit<Recording, 'streamId' | 'volumeId' | 'clock'> | null;
  /** Where the last whole fragment ends. */
  wholeBytes: number;
  fileBytes: number;
}

/**
 * Reads a recording file from its bytes alone, as after a crash: whole fragments up to the first torn or foreign byte.
 * The hash is over the whole part.
 */
export async function scanRecording(path: string, startMs: number): Promise<ScannedFile> {
  let init: Init | null = null;
  let offset = 0;
  let mediaDuration = 0;
  const keyframes: KeyframeEntry[] = [];
  const reader = new FragmentReader({
    init: (found) => {
      init = found;
      offset = found.bytes.length;
    },
    fragment: (fragment) => {
      if (fragment.keyframe) keyframes.push({ time: fragment.baseDecodeTime, offset });
      offset += fragment.bytes;
      mediaDuration = fragment.baseDecodeTime + fragment.duration;
    },
  });
  const handle = await open(path, readFlags);
  try {
    const fileBytes = (await handle.stat()).size;
    try {
      for await (const chunk of chunksOf(handle, fileBytes)) reader.push(chunk);
    } catch (error) {
      if (!(error instanceof Fmp4Error)) throw error;
    }
    const found = init as Init | null;
    if (found === null || keyframes.length === 0) return { recording: null, wholeBytes: 0, fileBytes };
    const hash = createHash('sha256');
    for await (const chunk of chunksOf(handle, offset)) hash.update(chunk);
    return {
      wholeBytes: offset,
      fileBytes,
      recording: {
        startMs,
        endMs: startMs + Math.round((mediaDuration * 1000) / found.timescale),
        bytes: offset,
        initBytes: found.bytes.length,
        initId: found.id,
        timescale: found.timescale,
        mediaDuration,
        codec: found.codecString,
        width: found.width,
        height: found.height,
        sha256: hash.digest(),
        keyframes: encodeKeyframes(keyframes),
      },
    };
  } finally {
    await handle.close();
  }
}

const chunkBytes = 2 ** 20;

async function* chunksOf(handle: FileHandle, end: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < end; ) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(Math.min(chunkBytes, end - at)), {
      position: at,
    });
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}
