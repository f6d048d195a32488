import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { hlsTile, newTally, openSession, type PartMark, pushTile, type ViewerOrder } from './viewer-tiles.ts';

/**
 * Many viewers in a process of their own. Standard input: a `ViewerOrder` on the first line, then `reset` and `report`; standard output:
 * `ready` when every tile has its first part, then one JSON object per report.
 */
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const order: ViewerOrder = JSON.parse((await lines.next()).value ?? '');
let tally = newTally();
const say = (line: string) => process.stdout.write(`${line}\n`);

let waiting = order.viewers.reduce((sum, { cameras }) => sum + cameras.length, 0);
const firstOf = () => {
  let told = false;
  return () => {
    if (told) return;
    told = true;
    waiting -= 1;
    if (waiting === 0) say('ready');
  };
};

/** How many of the samples lay so many ms after the part could be had. */
function histogram(samples: readonly [string | number, number][], marks: readonly PartMark[]): number[] {
  const had = new Map<string | number, number>();
  for (const [name, captured, hadMs] of marks) had.set(name, hadMs).set(captured, hadMs);
  const counts: number[] = Array(5001).fill(0);
  for (const [key, cameMs] of samples) {
    // What was rounded may lie one hundredth beside it.
    const hadMs = typeof key === 'string' ? had.get(key) : (had.get(key) ?? had.get(key + 1) ?? had.get(key - 1));
    const late = hadMs === undefined ? null : Math.min(5000, Math.max(0, Math.floor(cameMs - hadMs)));
    if (late !== null) counts[late] = (counts[late] ?? 0) + 1;
  }
  return counts;
}

for (const { cookie, cameras } of order.viewers) {
  const session = await openSession(order);
  session.on('error', () => {});
  const tile = order.path === 'push' ? pushTile : hlsTile;
  for (const camera of cameras) void tile(session, cookie, camera, () => tally, firstOf());
  // A city does not come in the same millisecond.
  await delay(20);
}
for await (const line of lines) {
  if (line === 'reset') tally = newTally();
  if (line !== 'report') continue;
  const { got, answered, bytes, drops, errors, failures } = tally;
  const marks = (await readFile(order.marks, 'utf8'))
    .split('\n')
    .filter((text) => text.endsWith(']'))
    .map((text): PartMark => JSON.parse(text));
  const report = { got: histogram(got, marks), answered: histogram(answered, marks), parts: got.length };
  say(JSON.stringify({ ...report, bytes, drops, errors, failures: [...failures] }));
}
process.exit(0);
