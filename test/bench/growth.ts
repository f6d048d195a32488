import { setTimeout as delay } from 'node:timers/promises';
import { round } from './bench.ts';
import { ownBytesOf } from './processes.ts';

/** Memory that belongs to the server and to all readers at one moment, without the program files that they share. */
export interface MemoryMark {
  /** Since the measurement began. */
  minutes: number;
  serverBytes: number;
  readerBytes: number;
}

const megabyte = 1_000_000;
const minuteMs = 60_000;
/** Caches and heaps find their size first; what they take meanwhile is no growth. */
const settlingMinutes = 5;

/** Tells the memory at every full minute of a measurement of `seconds`, and returns the marks when it is over. */
export async function watchMemory(
  server: number,
  readers: readonly number[],
  seconds: number,
  say: (line: string) => void,
): Promise<MemoryMark[]> {
  const beganMs = performance.now();
  const marks: MemoryMark[] = [];
  for (let minute = 0; minute * 60 <= seconds; minute += 1) {
    await delay(Math.max(0, beganMs + minute * minuteMs - performance.now()));
    const sizes = await Promise.all(readers.map((pid) => ownBytesOf(pid).catch(() => 0)));
    const mark = {
      minutes: minute,
      serverBytes: await ownBytesOf(server),
      readerBytes: sizes.reduce((sum, bytes) => sum + bytes, 0),
    };
    marks.push(mark);
    const [serverMb, readersMb] = [mark.serverBytes, mark.readerBytes].map((bytes) => round(bytes / megabyte, 1));
    say(`minute ${minute}: server ${serverMb} MB, ffmpeg ${readersMb} MB`);
  }
  await delay(Math.max(0, beganMs + seconds * 1_000 - performance.now()));
  return marks;
}

/** MB an hour by which server and readers grow: the line through the marks (least squares), without those of the first minutes. */
export function growthPerHour(marks: readonly MemoryMark[]): { server: number; readers: number } {
  const settled = marks.filter((mark) => mark.minutes >= settlingMinutes);
  const used = settled.length > 1 ? settled : marks;
  const slope = (bytes: (mark: MemoryMark) => number) =>
    round((slopeOf(used.map((mark) => [mark.minutes, bytes(mark)])) * 60) / megabyte, 2);
  return { server: slope((mark) => mark.serverBytes), readers: slope((mark) => mark.readerBytes) };
}

function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / Math.max(1, points.length);
  const [x, y] = [mean((point) => point[0]), mean((point) => point[1])];
  const spread = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  return spread === 0 ? 0 : points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / spread;
}
