import { appendFileSync } from 'node:fs';
import { LiveWindow } from '../../server/recorder/live/live-window.ts';
import type { PartMark } from './viewer-tiles.ts';

/**
 * Imported into the server before its own program: notes in the file BENCH_PART_MARKS when each part could be had, which nothing outside
 * the server can know.
 */
const file = process.env.BENCH_PART_MARKS ?? '';
const push = LiveWindow.prototype.push;

LiveWindow.prototype.push = function (fragment, startMs, stored) {
  const hadMs = performance.timeOrigin + performance.now();
  push.call(this, fragment, startMs, stored);
  const part = this.view().segments.at(-1)?.parts.at(-1);
  if (part === undefined) return;
  const mark: PartMark = [part.name, Math.round(startMs * 100), hadMs];
  appendFileSync(file, `${JSON.stringify(mark)}\n`);
};
