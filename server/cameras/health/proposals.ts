import type { CameraProposal, ProposalCause } from '../../contracts/camera-health.ts';
import type { StreamName } from '../../contracts/common.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError, errorMessage } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Logger } from '../../platform/log.ts';
import type { PictureFiles } from '../../platform/picture-files.ts';
import type { CameraProposalRow, CameraProposalStore } from '../../storage/camera-proposal.store.ts';
import { fromFlag, toFlag } from '../../storage/columns.ts';
import type { Queries } from '../../storage/database.ts';
import type { GoingTrouble } from './health-watch.ts';
import type { Audit, CameraList, Person, StreamSource } from './hosts.ts';
import { isOutage, proposalCauseOf, proposedStretch } from './proposal-policy.ts';

/** The category that the domain has for it: covered, turned or cut off. */
const category = 'KT01';

export interface NewIncident {
  cameraId: string;
  category: string;
  fromMs: number;
  toMs: number;
  atMs: number;
  note: string;
}

export interface ProposalsOptions<A extends Person> {
  store: CameraProposalStore;
  files: PictureFiles;
  cameras: CameraList;
  source: Pick<StreamSource, 'still'>;
  /** Whether a unit is at work at a moment, by its calendar. */
  isWorking: (unitId: string, atMs: number) => boolean;
  unitName: (unitId: string) => string;
  /** Makes the case, in the name of who confirms, together with what `also` writes: both, or neither. */
  createIncident: (
    actor: A,
    incident: NewIncident,
    address: string,
    also: (incidentId: string, within: Queries) => Promise<unknown>,
  ) => Promise<{ id: string }>;
  audit: Audit<A>;
  clock: Clock;
  log: Logger;
  /** Decided proposals are kept for so long. */
  keptMs: number;
  /** One is new, or was decided. */
  onChange?: () => void;
}

/** Cameras that were covered, turned or cut in working hours, and what people made of it. */
export class Proposals<A extends Person> {
  readonly #options: ProposalsOptions<A>;
  /** Spells that need no look at the database any more. */
  readonly #considered = new Set<string>();
  #turn: Promise<void> = Promise.resolve();

  constructor(options: ProposalsOptions<A>) {
    this.#options = options;
  }

  async stop(): Promise<void> {
    await this.#turn;
  }

  /** Proposes what of the trouble that goes on may be somebody's doing; each spell once, and only while the unit is at work. */
  consider(going: readonly GoingTrouble[], away: number): void {
    const { isWorking, clock, cameras } = this.#options;
    const nowMs = clock.nowMs();
    for (const { camera, part, cause, sinceMs } of going) {
      const proposed = proposalCauseOf({ part, cause });
      const key = spellKey(camera.id, sinceMs);
      if (proposed === null || this.#considered.has(key)) continue;
      if (!isWorking(camera.unitId, nowMs)) continue;
      if (proposed === 'cut' && isOutage(away, cameras.list().length)) continue;
      this.#considered.add(key);
      this.#inTurn(() => this.#propose(camera, proposed, sinceMs), key);
    }
  }

  /** The trouble is over. */
  ended(cameraId: string, fromMs: number, atMs: number): void {
    this.#considered.delete(spellKey(cameraId, fromMs));
    this.#inTurn(() => this.#options.store.end(cameraId, fromMs, atMs));
  }

  /** Settles once all that was considered so far is kept. */
  settled(): Promise<void> {
    return this.#turn;
  }

  /** A page, newest first. Errors: `cursor_invalid`. */
  async list(state: 'open' | 'confirmed' | 'rejected', cursor: string | undefined, limit: number) {
    const rows = await this.#options.store.list(state, cursor === undefined ? null : positionOf(cursor), limit + 1);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return { items: shown.map(present), next: last === undefined ? null : `${last.created_at_ms}.${last.id}` };
  }

  /** Errors: `proposal_unknown`. */
  async get(id: string): Promise<CameraProposal> {
    return present(await this.#find(id));
  }

  /** Errors: `proposal_unknown`, `still_missing`. */
  async still(id: string): Promise<{ jpeg: Uint8Array; proposal: CameraProposal }> {
    const row = await this.#find(id);
    const jpeg = fromFlag(row.still) ? await this.#options.files.read(id) : undefined;
    if (jpeg === undefined) throw new AppError('not_found', 'still_missing');
    return { jpeg, proposal: present(row) };
  }

  /** Makes the case that was proposed, by whoever confirms it. Errors: `proposal_unknown`, `proposal_decided`, those of flagging. */
  async confirm(actor: A, id: string, note: string, address: string): Promise<CameraProposal> {
    const { store, createIncident, audit, clock } = this.#options;
    const row = await this.#find(id);
    if (row.state !== 'open') throw decided();
    const nowMs = clock.nowMs();
    const stretch = proposedStretch(row.from_ms, row.to_ms, nowMs);
    const moment = Math.min(row.from_ms, stretch.toMs - 1);
    const incident = { cameraId: row.camera_id, category, ...stretch, atMs: moment, note };
    // With the case itself: neither a second person nor a crash in between makes a second one.
    await createIncident(actor, incident, address, async (incidentId, within) => {
      const decision = {
        state: 'confirmed' as const,
        reason: note,
        incident_id: incidentId,
        decided_by_id: actor.userId,
        decided_by_name: actor.name,
        decided_at_ms: nowMs,
      };
      if (!(await store.decideWithin(within, id, decision))) throw decided();
      const told = { actor, address, action: 'proposal.confirmed', subject: `proposal:${id}` };
      await audit({ ...told, details: { cameraId: row.camera_id, cause: row.cause, incidentId } }, within);
    });
    this.#options.onChange?.();
    return present(await this.#find(id));
  }

  /** Errors: `proposal_unknown`, `proposal_decided`. */
  async reject(actor: A, id: string, reason: string, address: string): Promise<CameraProposal> {
    const { store, audit, clock } = this.#options;
    const row = await this.#find(id);
    const decision = {
      state: 'rejected' as const,
      reason,
      decided_by_id: actor.userId,
      decided_by_name: actor.name,
      decided_at_ms: clock.nowMs(),
    };
    const told = { actor, address, action: 'proposal.rejected', subject: `proposal:${id}` };
    const details = { cameraId: row.camera_id, cause: row.cause, reason };
    if (!(await store.decide(id, decision, (within) => audit({ ...told, details }, within)))) throw decided();
    this.#options.onChange?.();
    return present(await this.#find(id));
  }

  /** Lets go what was decided long ago. */
  async clean(): Promise<void> {
    const { store, files, clock, keptMs } = this.#options;
    for (const id of await store.deleteDecidedBefore(clock.nowMs() - keptMs)) await files.remove(id);
  }

  #inTurn(work: () => Promise<void>, key?: string): void {
    this.#turn = this.#turn.then(work).catch((error) => {
      if (key !== undefined) this.#considered.delete(key);
      this.#options.log.error({ err: error }, 'a proposal could not be kept');
    });
  }

  async #propose(camera: GoingTrouble['camera'], cause: ProposalCause, fromMs: number): Promise<void> {
    const { store, unitName, clock, log, onChange } = this.#options;
    if ((await store.ofSpell(camera.id, fromMs)) !== undefined) return;
    const id = newId();
    await store.insert({
      ...{
        id,
        camera_id: camera.id,
        camera_name: camera.name,
        unit_id: camera.unitId,
        unit_name: unitName(camera.unitId),
      },
      ...{ cause, from_ms: fromMs, to_ms: null, created_at_ms: clock.nowMs(), state: 'open', still: toFlag(false) },
      ...{ incident_id: null, decided_by_id: null, decided_by_name: null, decided_at_ms: null, reason: '' },
    });
    log.info({ camera: camera.id, cause, proposal: id }, 'a case was proposed');
    // Of a camera that was cut, the last picture before; of the others, what is to be seen now.
    await this.#keepStill(id, camera, cause === 'cut' ? fromMs : undefined);
    onChange?.();
  }

  async #keepStill(id: string, camera: GoingTrouble['camera'], atMs: number | undefined): Promise<void> {
    const { source, files, store, log } = this.#options;
    for (const name of ['main', 'sub'] satisfies StreamName[]) {
      try {
        const { jpeg } = await source.still(camera.id, name, atMs);
        await files.write(id, jpeg);
        await store.setStill(id);
        return;
      } catch (error) {
        log.debug({ camera: camera.id, stream: name, reason: errorMessage(error) }, 'no still for a proposal');
      }
    }
  }

  async #find(id: string): Promise<CameraProposalRow> {
    const row = await this.#options.store.find(id);
    if (row === undefined) throw new AppError('not_found', 'proposal_unknown');
    return row;
  }
}

const decided = () => new AppError('conflict', 'proposal_decided');
const spellKey = (cameraId: string, fromMs: number) => `${cameraId} ${fromMs}`;

function positionOf(cursor: string): { createdAtMs: number; id: string } {
  const [, ms, id] = /^(\d{1,15})\.([a-z0-9]{1,64})$/.exec(cursor) ?? [];
  if (ms === undefined || id === undefined) throw new AppError('invalid', 'cursor_invalid');
  return { createdAtMs: Number(ms), id };
}

function present(row: CameraProposalRow): CameraProposal {
  return {
    id: row.id,
    cameraId: row.camera_id,
    cameraName: row.camera_name,
    unitId: row.unit_id,
    unitName: row.unit_name,
    cause: row.cause,
    fromMs: row.from_ms,
    toMs: row.to_ms,
    state: row.state,
    still: fromFlag(row.still),
    incidentId: row.incident_id,
    decidedBy: row.decided_by_name,
    decidedAtMs: row.decided_at_ms,
    reason: row.reason,
  };
}
