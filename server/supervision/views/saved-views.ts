import type { Role } from '../../contracts/roles.ts';
import {
  type CreateViewRequest,
  type PatchViewRequest,
  type SavedView,
  type SavedViewList,
  type WallContent,
  wallContent,
} from '../../contracts/views.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Database, Queries } from '../../storage/database.ts';
import { type SavedViewChanges, type SavedViewRow, SavedViewStore } from '../../storage/saved-view.store.ts';

export interface ViewReader {
  userId: string;
  name: string;
  role: Role;
}

export interface ViewAuditRecord<R> {
  actor: R;
  address: string;
  action: 'view.shared' | 'view.changed' | 'view.unshared' | 'view.removed';
  subject: string;
  details: { name: string; sharing: string; role: string | null };
}

export interface SavedViewsOptions<R extends ViewReader> {
  database: Database;
  clock: Clock;
  /** Whether the person may watch the camera now. */
  maySee: (reader: R, cameraId: string) => boolean;
  /** Whether the person's views may be put before others. */
  mayShare: (reader: R) => boolean;
  audit: (record: ViewAuditRecord<R>, within: Queries) => Promise<unknown>;
}

const mostPerPerson = 100;

/**
 * The views of the wall that people keep. A view names cameras and opens none of them: each reader finds only those that the reader
 * may watch, and a shared view without any of them is not found at all. What others see of a view is in the audit log.
 */
export class SavedViews<R extends ViewReader> {
  readonly #options: SavedViewsOptions<R>;
  readonly #store: SavedViewStore;

  constructor(options: SavedViewsOptions<R>) {
    this.#options = options;
    this.#store = new SavedViewStore(options.database.kysely);
  }

  /** The person's own views and those shared with the person, by name. */
  async list(reader: R): Promise<SavedViewList> {
    const [rows, defaultId] = await Promise.all([
      this.#store.of(reader.userId, reader.role),
      this.#store.defaultOf(reader.userId),
    ]);
    const items = rows.flatMap((row) => this.#present(row, reader, defaultId) ?? []);
    return { items, mayShare: this.#options.mayShare(reader) };
  }

  /** Errors: `not_permitted` (sharing), `views_full`. */
  async create(reader: R, request: CreateViewRequest, address: string): Promise<SavedView> {
    const { name, sharing, role, layout, cameras, cells } = request;
    if (sharing !== 'own') this.#requireSharing(reader);
    if ((await this.#store.countOf(reader.userId)) >= mostPerPerson) throw new AppError('conflict', 'views_full');
    const row: SavedViewRow = {
      id: newId(),
      owner_id: reader.userId,
      owner_name: reader.name,
      name,
      content: JSON.stringify(this.#visible({ layout, cameras, cells }, reader)),
      sharing,
      role,
      changed_at_ms: this.#options.clock.nowMs(),
    };
    await this.#options.database.kysely.transaction().execute(async (trx) => {
      await this.#store.insert(row, trx);
      if (sharing !== 'own') await this.#tell('view.shared', row, reader, address, trx);
    });
    return this.#of(row.id, reader);
  }

  /** Only the owner changes a view; which one the wall opens with, everybody chooses. Errors: `view_unknown`, `not_permitted`. */
  async patch(reader: R, id: string, request: PatchViewRequest, address: string): Promise<SavedView> {
    const before = await this.#find(id, reader);
    const { isDefault, content, ...rest } = request;
    const changes: SavedViewChanges = {};
    if (rest.name !== undefined) changes.name = rest.name;
    if (rest.sharing !== undefined) Object.assign(changes, { sharing: rest.sharing, role: rest.role ?? null });
    if (content !== undefined) changes.content = JSON.stringify(this.#visible(content, reader));
    const isChange = Object.keys(changes).length > 0;
    const after = { ...before, ...changes };
    if (isChange && before.owner_id !== reader.userId) throw new AppError('forbidden', 'not_permitted');
    if (isChange && after.sharing !== 'own') this.#requireSharing(reader);
    await this.#options.database.kysely.transaction().execute(async (trx) => {
      if (isChange) {
        await this.#store.update(id, { ...changes, changed_at_ms: this.#options.clock.nowMs() }, trx);
        const action = sharingAction(before, after);
        if (action) await this.#tell(action, after, reader, address, trx);
      }
      if (isDefault === true) await this.#store.setDefault(reader.userId, id, trx);
      else if (isDefault === false && (await this.#store.defaultOf(reader.userId, trx)) === id) {
        await this.#store.setDefault(reader.userId, null, trx);
      }
    });
    return this.#of(id, reader);
  }

  /** Errors: `view_unknown`, `not_permitted`. */
  async remove(reader: R, id: string, address: string): Promise<void> {
    const row = await this.#find(id, reader);
    if (row.owner_id !== reader.userId) throw new AppError('forbidden', 'not_permitted');
    await this.#options.database.kysely.transaction().execute(async (trx) => {
      await this.#store.remove(id, trx);
      if (row.sharing !== 'own') await this.#tell('view.removed', row, reader, address, trx);
    });
  }

  async #of(id: string, reader: R): Promise<SavedView> {
    const [row, defaultId] = await Promise.all([this.#find(id, reader), this.#store.defaultOf(reader.userId)]);
    const view = this.#present(row, reader, defaultId);
    if (view === null) throw unknown();
    return view;
  }

  /** A view that is not for this reader is as unknown as one that is not there. */
  async #find(id: string, reader: R): Promise<SavedViewRow> {
    const row = await this.#store.byId(id);
    if (row === undefined || this.#present(row, reader, null) === null) throw unknown();
    return row;
  }

  #present(row: SavedViewRow, reader: R, defaultId: string | null): SavedView | null {
    const mine = row.owner_id === reader.userId;
    const shared = row.sharing === 'everyone' || (row.sharing === 'role' && row.role === reader.role);
    if (!mine && !shared) return null;
    const content = this.#visible(wallContent.parse(JSON.parse(row.content)), reader);
    if (!mine && content.cameras.every((camera) => camera === null)) return null;
    const { id, name, sharing, role, owner_name: ownerName, changed_at_ms: changedAtMs } = row;
    return { id, name, ...content, sharing, role, mine, ownerName, isDefault: id === defaultId, changedAtMs };
  }

  /** The tiles stay where they are; those of cameras that the reader may not see are empty. */
  #visible(content: WallContent, reader: R): WallContent {
    const { maySee } = this.#options;
    return { ...content, cameras: content.cameras.map((id) => (id !== null && maySee(reader, id) ? id : null)) };
  }

  #requireSharing(reader: R): void {
    if (!this.#options.mayShare(reader)) throw new AppError('forbidden', 'not_permitted');
  }

  async #tell(
    action: ViewAuditRecord<R>['action'],
    { id, name, sharing, role }: SavedViewRow,
    actor: R,
    address: string,
    within: Queries,
  ): Promise<void> {
    await this.#options.audit(
      { actor, address, action, subject: `view:${id}`, details: { name, sharing, role } },
      within,
    );
  }
}

/** What others notice of a change, or null when they notice nothing. */
function sharingAction(before: SavedViewRow, after: SavedViewRow): ViewAuditRecord<ViewReader>['action'] | null {
  if (after.sharing === 'own') return before.sharing === 'own' ? null : 'view.unshared';
  return before.sharing === after.sharing && before.role === after.role ? 'view.changed' : 'view.shared';
}

function unknown(): AppError {
  return new AppError('not_found', 'view_unknown');
}
