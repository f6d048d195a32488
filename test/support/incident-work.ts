import type { IncidentEntryRow, IncidentRow } from '../../server/storage/incident.store.ts';
import { IncidentFiguresStore } from '../../server/storage/incident-figures.store.ts';
import { IncidentListStore } from '../../server/storage/incident-list.store.ts';
import type { Colleague } from '../../server/supervision/incidents/colleagues.ts';
import { Comments } from '../../server/supervision/incidents/comments.ts';
import { Figures } from '../../server/supervision/incidents/figures.ts';
import { IncidentList } from '../../server/supervision/incidents/incident-list.ts';
import { Repeats } from '../../server/supervision/incidents/repeats.ts';
import { SavedFilters } from '../../server/supervision/incidents/saved-filters.ts';
import { SecondReadings } from '../../server/supervision/incidents/second-readings.ts';
import { Watchers } from '../../server/supervision/incidents/watchers.ts';
import type { Supervisor } from '../../server/supervision/supervisor.ts';
import { type IncidentBench, person, reachOf } from './supervision.ts';

/** People of a small city: two of the offices, a leader, two heads, and those who see no cases. */
const one = (userId: string, ...rest: Parameters<typeof person>): Supervisor => ({ ...person(...rest), userId });
export const people = {
  leader: one('an', 'leader', 'Nguyễn Văn An'),
  office: one('binh', 'home_affairs', 'Trần Thị Bình'),
  inspector: one('minh', 'inspector', 'Phạm Minh'),
  second: one('huy', 'inspector', 'Đỗ Quang Huy'),
  head: one('ha', 'unit_head', 'Lê Hà', 'hong-ha'),
  otherHead: one('bai', 'unit_head', 'Vũ Bãi', 'bai-chay'),
  admin: one('quan-tri', 'admin', 'Quản trị'),
  auditor: one('kiem-toan', 'auditor', 'Kiểm toán'),
};

export const colleague = ({ userId: id, name, role, unitId }: Supervisor, disabled = false): Colleague => ({
  id,
  name,
  role,
  unitId,
  disabled,
});

export interface IncidentWork {
  list: IncidentList;
  repeats: Repeats;
  figures: Figures;
  readings: SecondReadings;
  /** What the next lots are: below a half, a case is drawn. */
  lots: number[];
  comments: Comments;
  watchers: Watchers;
  filters: SavedFilters;
  commented: { incidentId: string; commentId: string }[];
  /** Everybody with an account; a test may add to them. */
  accounts: Colleague[];
}

/** What surrounds the cases of a bench. */
export function incidentWork(bench: IncidentBench): IncidentWork {
  const { database, store: incidents, city } = bench;
  const clock = { nowMs: () => bench.nowMs, monotonicMs: () => performance.now() };
  const accounts = Object.values(people).map((account) => colleague(account));
  const colleagues = async () => accounts;
  const commented: IncidentWork['commented'] = [];
  const audit = async (record: (typeof bench.audited)[number], within: typeof database.kysely) => {
    // Through the transaction that is handed over: the database itself would wait for ever.
    await within.selectFrom('incidents').select('id').limit(1).execute();
    bench.audited.push(record);
  };
  const shared = { database, incidents, colleagues, reachOf, clock };
  const figuresStore = new IncidentFiguresStore(database.kysely);
  const lots: number[] = [];
  return {
    lots,
    repeats: new Repeats({ incidents, store: figuresStore, days: 90, reachOf, calendar: city.calendar, clock }),
    figures: new Figures({ store: figuresStore, city, reachOf, repeatDays: 90, clock }),
    readings: new SecondReadings({
      ...shared,
      city,
      percent: 50,
      random: () => lots.shift() ?? 0,
      audit,
    }),
    list: new IncidentList({ store: new IncidentListStore(database.kysely), city, reachOf, repeatDays: 90, clock }),
    comments: new Comments({ ...shared, audit, commented: (news) => commented.push(news) }),
    watchers: new Watchers(shared),
    filters: new SavedFilters({ database, reachOf, clock }),
    commented,
    accounts,
  };
}

/** The unit is given the case, as a request for its explanation does. */
export async function sendToUnit(bench: IncidentBench, id: string): Promise<void> {
  await bench.database.kysely.updateTable('incidents').set({ sent_at_ms: bench.nowMs }).where('id', '=', id).execute();
}

/** An entry with what it makes of the case, as the step of that name writes them. Returns its number. */
export async function enter(
  bench: IncidentBench,
  id: string,
  actor: Supervisor,
  entry: Pick<IncidentEntryRow, 'step' | 'to_state'> & Partial<IncidentEntryRow>,
  columns: Partial<IncidentRow> = {},
): Promise<number> {
  const { kysely } = bench.database;
  const row = await kysely.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const seq = row.version + 1;
  await kysely
    .insertInto('incident_entries')
    .values({
      incident_id: id,
      seq,
      at_ms: bench.nowMs,
      actor_id: actor.userId,
      actor_name: actor.name,
      actor_role: actor.role,
      from_state: row.state,
      conclusion: null,
      reason: '',
      address: '',
      due_at_ms: null,
      details: '{}',
      ...entry,
    })
    .execute();
  const change = { ...columns, version: seq, state: entry.to_state };
  await kysely.updateTable('incidents').set(change).where('id', '=', id).execute();
  return seq;
}

/** Puts an entry to the lot, as its step does within its transaction. */
export async function consider({ store, database }: IncidentBench, work: IncidentWork, id: string, seq: number) {
  const row = await store.find(id);
  const entry = (await store.entries(id)).find((one) => one.seq === seq);
  if (row === undefined || entry === undefined) throw new Error('no such entry');
  await database.kysely.transaction().execute((trx) => work.readings.consider(row, entry, trx));
}
