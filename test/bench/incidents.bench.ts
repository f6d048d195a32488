import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type IncidentQuery, incidentQuery } from '../../server/contracts/incidents.ts';
import type { Clock } from '../../server/platform/clock.ts';
import { silentLogger } from '../../server/platform/log.ts';
import { type DatabasePlace, openDatabase } from '../../server/storage/database.ts';
import { loadCity } from '../../server/supervision/city.ts';
import type { Supervisor } from '../../server/supervision/supervisor.ts';
import { PostgresServer } from '../support/postgres.ts';
import { type Bench, BenchUsageError, round, wholeNumber } from './bench.ts';
import { type CityCases, generateCases } from './incident-generator.ts';
import { type IncidentServices, incidentServices } from './incident-services.ts';

const asks = 300;
const creates = 200;

/**
 * The services of the cases, as the routes call them, over a city's database of two years: lists and searches by different people with
 * different filters, each with its counts and presented for its reader; then flags, with number, history and audit log. Everything but HTTP.
 */
const bench: Bench = {
  usage: '[--database sqlite|postgres] [--incidents 10000]',
  async run(args, say) {
    const options = {
      database: { type: 'string', default: 'sqlite' },
      incidents: { type: 'string', default: '10000' },
    } as const;
    const { values } = parseArgs({ args, options });
    const incidents = wholeNumber('incidents', values.incidents, 100, 1_000_000);
    const { place, end } = await placeOf(values.database);
    try {
      const database = await openDatabase({ ...place, log: silentLogger });
      try {
        const city = loadCity(fileURLToPath(new URL('../../config/city', import.meta.url)));
        const nowMs =
          Temporal.PlainDateTime.from('2026-11-24T09:30').toZonedDateTime('Asia/Ho_Chi_Minh').epochMilliseconds;
        const clock: Clock = { nowMs: () => nowMs, monotonicMs: () => performance.now() };
        const random = randomFrom(1);
        say(`making ${incidents} cases`);
        const cases = await generateCases(database, city, incidents, nowMs, random);
        say(`${cases.entries} entries, ${cases.comments} comments`);
        const services = incidentServices(database, city, cases.cameras, clock);
        try {
          const list = await measured(asks, () => listAsk(cases, random), services);
          const search = await measured(asks, () => searchAsk(cases, random), services);
          return {
            database: database.dialect,
            incidents,
            entries: cases.entries,
            listMedian: list.median,
            listP95: list.p95,
            searchMedian: search.median,
            searchP95: search.p95,
            createP95: await created(cases, services, nowMs, random),
          };
        } finally {
          await services.close();
        }
      } finally {
        await database.close();
      }
    } finally {
      await end();
    }
  },
};

/** Errors: `BenchUsageError`. */
async function placeOf(name: string): Promise<{ place: DatabasePlace; end: () => Promise<void> }> {
  if (name === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'lienthong-bench-'));
    return {
      place: { sqlitePath: join(folder, 'lienthong.sqlite') },
      end: async () => rmSync(folder, { recursive: true }),
    };
  }
  if (name !== 'postgres') throw new BenchUsageError(`--database is sqlite or postgres, not ${name}`);
  const server = await PostgresServer.start();
  await server.execute('postgres', 'create database bench');
  const postgres = { url: server.url('bench'), passwordFile: '', connections: 10 };
  return { place: { postgres }, end: () => server.close() };
}

type Ask = [reader: Supervisor, query: IncidentQuery];

async function measured(count: number, ask: () => Ask, { list }: IncidentServices) {
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const [reader, query] = ask();
    const startMs = performance.now();
    const { next } = await list.page(reader, query);
    times.push(performance.now() - startMs);
    // Every fourth one reads on.
    if (next === null || n % 4 !== 0) continue;
    const againMs = performance.now();
    await list.page(reader, { ...query, cursor: next });
    times.push(performance.now() - againMs);
  }
  return { median: quantile(times, 0.5), p95: quantile(times, 0.95) };
}

/** What people look at: all that is open, a unit, a category, their own, what is late, a period; newest first or by term. */
function listAsk({ people, cameras }: CityCases, random: () => number): Ask {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const camera = pick(cameras);
  const fromMs = Date.UTC(2025, Math.floor(random() * 18), 1);
  const filters: Record<string, string>[] = [
    {},
    { open: 'true' },
    { open: 'true', sort: 'due' },
    { unit: camera.unitId },
    { camera: camera.id },
    { category: pick(['VT01', 'TN01', 'TP01', 'KT01']), severity: pick(['1', '2', '3']) },
    { state: pick(['flagged', 'verifying', 'explanation_requested', 'awaiting_conclusion', 'closed']), sort: 'due' },
    { due: pick(['ok', 'soon', 'overdue']), sort: 'due' },
    { from: String(fromMs), to: String(fromMs + 30 * 86_400_000) },
    { person: 'me', open: 'true' },
    { unassigned: 'true', open: 'true' },
    { watching: 'true' },
    { mentioned: 'true' },
    { conclusion: 'criticism', unit: camera.unitId },
  ];
  const ofUnit: Record<string, string>[] = [{}, { open: 'true' }, { state: 'closed', sort: 'due' }];
  if (random() < 0.2) return [pick(people.heads), parse(pick(ofUnit))];
  return [pick([people.leader, people.office, people.inspector]), parse(pick(filters))];
}

/** From what every case says to what one says or none, alone and with a filter. */
function searchAsk({ people, cameras }: CityCases, random: () => number): Ask {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const words = [
    'phường',
    'hong hai',
    'vắng mặt',
    'quay so 3',
    `VV-2026-0${Math.floor(random() * 1000)}`,
    'Trần Thị Bình',
    'giấy mời',
    'tái phạm lưu ý',
    'lịch trực',
    'điện thoại riêng',
    'không có ở đâu',
    'xyzzy',
  ];
  const filter = pick<Record<string, string>>([
    {},
    {},
    { open: 'true' },
    { unit: pick(cameras).unitId },
    { sort: 'due' },
  ]);
  const reader = random() < 0.2 ? pick(people.heads) : pick([people.leader, people.office, people.inspector]);
  return [reader, parse({ q: pick(words), ...filter })];
}

async function created(
  { people, cameras }: CityCases,
  { create }: IncidentServices,
  nowMs: number,
  random: () => number,
) {
  const times: number[] = [];
  for (let n = 0; n < creates; n++) {
    const camera = cameras[Math.floor(random() * cameras.length)];
    const flag = { cameraId: camera?.id ?? '', category: 'TN01', note: 'Quầy trống, người dân chờ' };
    const startMs = performance.now();
    await create(people.office, { ...flag, fromMs: nowMs - 60_000, toMs: nowMs });
    times.push(performance.now() - startMs);
  }
  return quantile(times, 0.95);
}

const parse = (parameters: Record<string, string>) => incidentQuery.parse(parameters);

function quantile(times: readonly number[], at: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? 0, 1);
}

/** The same numbers each time: what is compared is the program. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export default bench;
