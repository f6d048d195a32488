import { IncidentListStore } from '../../server/storage/incident-list.store.ts';
import type { Colleague } from '../../server/supervision/incidents/colleagues.ts';
import { Comments } from '../../server/supervision/incidents/comments.ts';
import { IncidentList } from '../../server/supervision/incidents/incident-list.ts';
import { SavedFilters } from '../../server/supervision/incidents/saved-filters.ts';
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
  return {
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
