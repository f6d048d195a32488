import type { Readable } from 'node:stream';
import { type Attachment, maxAttachmentBytes, maxAttachmentsPerStep } from '../../contracts/incidents.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Logger } from '../../platform/log.ts';
import type { AttachmentRow, AttachmentStore } from '../../storage/attachment.store.ts';
import type { IncidentStore } from '../../storage/incident.store.ts';
import type { ReachOf, Supervisor } from '../supervisor.ts';
import { type AttachmentFiles, tooLarge } from './attachment-files.ts';
import { displayName } from './attachment-policy.ts';
import { visibleCase } from './colleagues.ts';
import { questionOf } from './present.ts';
import { judgeStep } from './state-policy.ts';

export interface AttachmentsOptions {
  store: AttachmentStore;
  files: AttachmentFiles;
  incidents: Pick<IncidentStore, 'find'>;
  reachOf: ReachOf;
  clock: Clock;
  log: Logger;
  /** The contract's 20 MB when left out. */
  maxBytes?: number;
}

/** A file on its way to the server. */
export interface Sending {
  /** As its sender calls it. */
  name: string;
  /** What the sender says it has; undefined where it does not say. */
  sizeBytes: number | undefined;
  bytes: AsyncIterable<Uint8Array>;
}

/** A file that no step has used for so long was forgotten. */
const forgottenMs = 86_400_000;

/** Files that the unit sends with an answer or an appeal: kept until the step uses them, then part of the case for good. */
export class Attachments {
  readonly #options: AttachmentsOptions;
  readonly #maxBytes: number;
  /** Files on their way, by case and sender: so many at once as may be kept in all. */
  readonly #coming = new Map<string, number>();
  #leftoversRemoved = false;

  constructor(options: AttachmentsOptions) {
    this.#options = options;
    this.#maxBytes = options.maxBytes ?? maxAttachmentBytes;
  }

  /**
   * Takes a file for the next answer or appeal of this person. Errors: `incident_unknown`; what refuses answer and appeal (`not_permitted`,
   * `step_out_of_order`, `term_over`); `attachments_full`; those of `AttachmentFiles.write`.
   */
  async add(actor: Supervisor, incidentId: string, { name, sizeBytes, bytes }: Sending): Promise<Attachment> {
    const { store, files, clock } = this.#options;
    await this.#mayAdd(actor, incidentId);
    if (sizeBytes !== undefined && sizeBytes > this.#maxBytes) throw tooLarge(this.#maxBytes);
    const key = `${incidentId} ${actor.userId}`;
    const coming = this.#coming.get(key) ?? 0;
    this.#coming.set(key, coming + 1);
    try {
      const kept = await store.unusedOf(incidentId, actor.userId);
      if (Math.max(kept.length, coming) >= maxAttachmentsPerStep) throw full();
      const id = newId();
      const written = await files.write(id, bytes, this.#maxBytes);
      const row: AttachmentRow = {
        id,
        incident_id: incidentId,
        entry_seq: null,
        name: displayName(name, written.type),
        type: written.type,
        size_bytes: written.sizeBytes,
        sha256: written.sha256,
        uploaded_by_id: actor.userId,
        uploaded_at_ms: clock.nowMs(),
      };
      try {
        // Counted once more where it is written, since others have arrived meanwhile.
        if (!(await store.add(row, maxAttachmentsPerStep))) throw full();
      } catch (error) {
        await files.remove(id);
        throw error;
      }
      return present(row);
    } finally {
      const left = (this.#coming.get(key) ?? 1) - 1;
      if (left > 0) this.#coming.set(key, left);
      else this.#coming.delete(key);
    }
  }

  /** What the person has sent and no step has used yet. Errors: `incident_unknown`. */
  async unused(actor: Supervisor, incidentId: string): Promise<Attachment[]> {
    await this.#case(actor, incidentId);
    return (await this.#options.store.unusedOf(incidentId, actor.userId)).map(present);
  }

  /** Takes back a file that no step has used. Errors: `incident_unknown`, `attachment_unknown`. */
  async remove(actor: Supervisor, incidentId: string, id: string): Promise<void> {
    const { store, files } = this.#options;
    await this.#case(actor, incidentId);
    const row = await store.find(id);
    const own = row?.incident_id === incidentId && row.uploaded_by_id === actor.userId;
    if (!own || !(await store.removeUnused(id))) throw unknown();
    await files.remove(id);
  }

  /**
   * A file, for whoever may see the case; before a step has used it, for its sender alone.
   * Errors: `incident_unknown`, `attachment_unknown`.
   */
  async open(actor: Supervisor, incidentId: string, id: string): Promise<Attachment & { bytes: Readable }> {
    const { store, files } = this.#options;
    await this.#case(actor, incidentId);
    const row = await store.find(id);
    if (row?.incident_id !== incidentId) throw unknown();
    if (row.entry_seq === null && row.uploaded_by_id !== actor.userId) throw unknown();
    const file = await files.read(id);
    if (file === undefined) throw unknown();
    return { ...present(row), bytes: file.bytes };
  }

  /** Removes files that no step has used for a day, at most `limit` of them, and once what an earlier run of the program left half done. */
  async removeForgotten(limit: number): Promise<void> {
    const { store, files, clock } = this.#options;
    for (const { id } of await store.forgotten(clock.nowMs() - forgottenMs, limit)) {
      if (await store.removeUnused(id)) await files.remove(id);
    }
    if (this.#leftoversRemoved) return;
    this.#leftoversRemoved = true;
    await this.#removeLeftovers();
  }

  async #removeLeftovers(): Promise<void> {
    const { store, files, log } = this.#options;
    // By the clock of the disk, which stamps the files.
    for (const { id, whole } of await files.olderThan(Date.now() - forgottenMs)) {
      if (!whole) await files.removePart(id);
      else if ((await store.find(id)) === undefined) {
        await files.remove(id);
        log.warn({ attachment: id }, 'a file of no case is removed');
      }
    }
  }

  async #mayAdd(actor: Supervisor, incidentId: string): Promise<void> {
    const { clock, reachOf } = this.#options;
    const row = await this.#case(actor, incidentId);
    const question = questionOf(actor, row, clock.nowMs());
    const step = row.state === 'concluded' ? 'appeal' : 'explain';
    const verdict = judgeStep({ ...question, step }, reachOf);
    if (verdict.allowed) return;
    throw new AppError(verdict.refusal === 'not_permitted' ? 'forbidden' : 'conflict', verdict.refusal);
  }

  #case(actor: Supervisor, incidentId: string) {
    return visibleCase(actor, incidentId, { store: this.#options.incidents, reachOf: this.#options.reachOf });
  }
}

function present({ id, name, type, size_bytes: sizeBytes, sha256 }: AttachmentRow): Attachment {
  return { id, name, type, sizeBytes, sha256 };
}

function full(): AppError {
  return new AppError('conflict', 'attachments_full');
}

function unknown(): AppError {
  return new AppError('not_found', 'attachment_unknown');
}
