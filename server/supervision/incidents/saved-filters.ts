import {
  type CreateSavedFilterRequest,
  type PatchSavedFilterRequest,
  type SavedFilter,
  type SavedFilterList,
  savedFilterQuery,
} from '../../contracts/incident-work.ts';
import { incidentQuery } from '../../contracts/incidents.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { fromFlag, toFlag } from '../../storage/columns.ts';
import type { Database } from '../../storage/database.ts';
import { type SavedFilterChanges, type SavedFilterRow, SavedFilterStore } from '../../storage/saved-filter.store.ts';
import type { ReachOf, Supervisor } from '../supervisor.ts';
import { seesTheCity } from './colleagues.ts';
import { notPermitted, viewOf } from './visibility.ts';

const mostPerPerson = 50;
/** Where a list goes on is no part of what it asks for. */
const paging: ReadonlySet<string> = new Set(['cursor', 'limit']);
const parameters = incidentQuery.keyof().options.filter((name) => !paging.has(name));

/**
 * Filters of the list that people keep. A filter opens no case: what it finds is decided for each reader. Those that are shared are found
 * by everybody who sees the whole city; the head of a unit has own ones only.
 */
export class SavedFilters {
  readonly #options: { database: Database; reachOf: ReachOf; clock: Clock };
  readonly #store: SavedFilterStore;

  constructor(options: { database: Database; reachOf: ReachOf; clock: Clock }) {
    this.#options = options;
    this.#store = new SavedFilterStore(options.database.kysely);
  }

  /** One's own and those that others share, by name. Errors: `not_permitted` for whoever sees no cases. */
  async list(reader: Supervisor): Promise<SavedFilterList> {
    const mayShare = this.#mayShare(reader);
    const rows = await this.#store.of(reader.userId, mayShare);
    return { items: rows.map((row) => present(row, reader)), mayShare };
  }

  /** Errors: `not_permitted`, `filter_invalid` (no filter of the list), `filter_name_taken`, `filters_full`. */
  async create(reader: Supervisor, request: CreateSavedFilterRequest): Promise<SavedFilter> {
    const mayShare = this.#mayShare(reader);
    if (request.shared && !mayShare) throw notPermitted();
    const row: SavedFilterRow = {
      id: newId(),
      owner_id: reader.userId,
      owner_name: reader.name,
      name: request.name,
      query: JSON.stringify(checked(request.query)),
      shared: toFlag(request.shared),
      changed_at_ms: this.#options.clock.nowMs(),
    };
    await this.#options.database.kysely.transaction().execute(async (trx) => {
      if ((await this.#store.countOf(reader.userId, trx)) >= mostPerPerson)
        throw new AppError('conflict', 'filters_full');
      if (!(await this.#store.insert(row, trx))) throw nameTaken();
    });
    return present(row, reader);
  }

  /** Errors: `filter_unknown`, `not_permitted` (somebody else's), `filter_invalid`, `filter_name_taken`. */
  async patch(reader: Supervisor, id: string, request: PatchSavedFilterRequest): Promise<SavedFilter> {
    const before = await this.#own(reader, id);
    if (request.shared === true && !this.#mayShare(reader)) throw notPermitted();
    const changes: SavedFilterChanges = {};
    if (request.name !== undefined) changes.name = request.name;
    if (request.query !== undefined) changes.query = JSON.stringify(checked(request.query));
    if (request.shared !== undefined) changes.shared = toFlag(request.shared);
    const after = { ...before, ...changes, changed_at_ms: this.#options.clock.nowMs() };
    await this.#options.database.kysely.transaction().execute(async (trx) => {
      if (await this.#store.isTaken(reader.userId, after.name, id, trx)) throw nameTaken();
      await this.#store.update(id, { ...changes, changed_at_ms: after.changed_at_ms }, trx);
    });
    return present(after, reader);
  }

  /** Errors: `filter_unknown`, `not_permitted`. */
  async remove(reader: Supervisor, id: string): Promise<void> {
    await this.#own(reader, id);
    await this.#store.remove(id);
  }

  /** A filter that the reader does not find is as unknown as one that is not there. */
  async #own(reader: Supervisor, id: string): Promise<SavedFilterRow> {
    const row = await this.#store.byId(id);
    const mine = row?.owner_id === reader.userId;
    if (row === undefined || !(mine || (fromFlag(row.shared) && this.#mayShare(reader)))) {
      throw new AppError('not_found', 'filter_unknown');
    }
    if (!mine) throw notPermitted();
    return row;
  }

  /** Errors: `not_permitted` for whoever sees no cases. */
  #mayShare(reader: Supervisor): boolean {
    if (viewOf(reader, this.#options.reachOf) === null) throw notPermitted();
    return seesTheCity(reader, this.#options.reachOf);
  }
}

/** The parameters as they came, if the list takes them all. Errors: `filter_invalid`. */
function checked(query: Record<string, string>): Record<string, string> {
  const unknown = Object.keys(query).find((name) => !(parameters as string[]).includes(name));
  if (unknown !== undefined || !incidentQuery.safeParse(query).success) {
    throw new AppError('invalid', 'filter_invalid', { fields: { query: unknown ?? 'not a filter of the list' } });
  }
  return query;
}

function nameTaken(): AppError {
  return new AppError('conflict', 'filter_name_taken', { fields: { name: 'taken' } });
}

function present(row: SavedFilterRow, reader: Supervisor): SavedFilter {
  return {
    id: row.id,
    name: row.name,
    query: savedFilterQuery.parse(JSON.parse(row.query)),
    shared: fromFlag(row.shared),
    mine: row.owner_id === reader.userId,
    ownerName: row.owner_name,
    changedAtMs: row.changed_at_ms,
  };
}
