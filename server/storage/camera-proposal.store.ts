import type { ProposalCause } from '../contracts/camera-health.ts';
import type { Flag } from './columns.ts';
import type { Queries } from './database.ts';

export type StoredProposalState = 'open' | 'confirmed' | 'rejected';

export interface CameraProposalTable {
  id: string;
  /** Camera and unit as they were when it was proposed. */
  camera_id: string;
  camera_name: string;
  unit_id: string;
  unit_name: string;
  cause: ProposalCause;
  from_ms: number;
  /** Null while it lasts. */
  to_ms: number | null;
  created_at_ms: number;
  state: StoredProposalState;
  still: Flag;
  incident_id: string | null;
  decided_by_id: string | null;
  decided_by_name: string | null;
  decided_at_ms: number | null;
  reason: string;
}
export type CameraProposalRow = CameraProposalTable;

export type ProposalDecision = Pick<CameraProposalRow, 'state' | 'reason'> &
  Partial<Pick<CameraProposalRow, 'incident_id' | 'decided_by_id' | 'decided_by_name' | 'decided_at_ms'>>;

export interface ProposalPosition {
  createdAtMs: number;
  id: string;
}

export class CameraProposalStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  async insert(row: CameraProposalRow): Promise<void> {
    await this.#db.insertInto('camera_proposals').values(row).execute();
  }

  find(id: string): Promise<CameraProposalRow | undefined> {
    return this.#db.selectFrom('camera_proposals').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** The newest of a camera for this cause that began at this moment; a spell is proposed once, whatever was decided. */
  ofSpell(cameraId: string, fromMs: number): Promise<CameraProposalRow | undefined> {
    return this.#db
      .selectFrom('camera_proposals')
      .selectAll()
      .where('camera_id', '=', cameraId)
      .where('from_ms', '=', fromMs)
      .orderBy('created_at_ms', 'desc')
      .limit(1)
      .executeTakeFirst();
  }

  /** Newest first, behind `after`. */
  list(state: StoredProposalState, after: ProposalPosition | null, limit: number): Promise<CameraProposalRow[]> {
    let query = this.#db
      .selectFrom('camera_proposals')
      .selectAll()
      .where('state', '=', state)
      .orderBy('created_at_ms', 'desc')
      .orderBy('id', 'desc')
      .limit(limit);
    if (after !== null) {
      query = query.where((eb) =>
        eb.or([
          eb('created_at_ms', '<', after.createdAtMs),
          eb.and([eb('created_at_ms', '=', after.createdAtMs), eb('id', '<', after.id)]),
        ]),
      );
    }
    return query.execute();
  }

  /** Decides an open one and writes what `also` adds, all or nothing. False, with nothing written, where it is decided: of two people one decides. */
  decide(id: string, decision: ProposalDecision, also: (within: Queries) => Promise<unknown>): Promise<boolean> {
    return this.#db.transaction().execute(async (trx) => {
      if (!(await this.decideWithin(trx, id, decision))) return false;
      await also(trx);
      return true;
    });
  }

  /** The same as part of a transaction. */
  async decideWithin(within: Queries, id: string, decision: ProposalDecision): Promise<boolean> {
    const { numUpdatedRows } = await within
      .updateTable('camera_proposals')
      .set(decision)
      .where('id', '=', id)
      .where('state', '=', 'open')
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  /** What it was has ended. */
  async end(cameraId: string, fromMs: number, toMs: number): Promise<void> {
    await this.#db
      .updateTable('camera_proposals')
      .set({ to_ms: toMs })
      .where('camera_id', '=', cameraId)
      .where('from_ms', '=', fromMs)
      .where('to_ms', 'is', null)
      .execute();
  }

  async setStill(id: string): Promise<void> {
    await this.#db.updateTable('camera_proposals').set({ still: 1 }).where('id', '=', id).execute();
  }

  /** Decided ones that are older. Returns their ids, whose stills go too. */
  async deleteDecidedBefore(beforeMs: number): Promise<string[]> {
    const old = await this.#db
      .deleteFrom('camera_proposals')
      .where('created_at_ms', '<', beforeMs)
      .where('state', 'in', ['confirmed', 'rejected'])
      .returning('id')
      .execute();
    return old.map(({ id }) => id);
  }
}
