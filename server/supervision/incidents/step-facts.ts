import type { AnswerStretch, Attachment, Category } from '../../contracts/incidents.ts';
import type { Role } from '../../contracts/roles.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import type { AttachmentStore } from '../../storage/attachment.store.ts';
import type { IncidentRow, IncidentStore } from '../../storage/incident.store.ts';
import type { City } from '../city.ts';
import type { Account, PeopleDirectory } from '../people.ts';
import type { ReachOf, Supervisor } from '../supervisor.ts';
import { visibleCase } from './colleagues.ts';
import type { StepFacts, StepTaking } from './step-effects.ts';
import { viewOf } from './visibility.ts';

export interface CameraPlace {
  id: string;
  name: string;
  unitId: string;
}

/** The camera with the unit in which it stood at that moment; undefined when there is none of that id. */
export type CameraOf = (cameraId: string, atMs: number) => CameraPlace | undefined | Promise<CameraPlace | undefined>;

export interface StepFactsOptions {
  store: IncidentStore;
  attachments: AttachmentStore;
  city: Pick<City, 'categories'>;
  cameraOf: CameraOf;
  people: Pick<PeopleDirectory, 'find'>;
  reachOf: ReachOf;
  clock: Clock;
}

/** Looks up and checks what a step names: files, footage, another case, a person. */
export class StepFactsReader {
  readonly #options: StepFactsOptions;
  readonly #categories: ReadonlyMap<string, Category>;

  constructor(options: StepFactsOptions) {
    this.#options = options;
    this.#categories = new Map(options.city.categories.map((category) => [category.code, category]));
  }

  /** Errors: those that the step itself asks for. */
  async of(actor: Supervisor, row: IncidentRow, taking: StepTaking): Promise<StepFacts & { other?: IncidentRow }> {
    const actorId = actor.userId;
    switch (taking.step) {
      case 'request_explanation':
        return { actorId, category: this.#categories.get(row.category) };
      case 'explain': {
        const stretches = await this.#stretches(row, taking.request.stretches);
        return { actorId, stretches, attachments: await this.#attachments(actor, row, taking.request.attachments) };
      }
      case 'appeal':
        return { actorId, attachments: await this.#attachments(actor, row, taking.request.attachments) };
      case 'mark_duplicate':
        return { actorId, other: await this.#other(actor, row, taking.request.of) };
      case 'correct':
        this.#refuseCorrection(row, taking.request);
        return { actorId };
      case 'assign': {
        const { assigneeId } = taking.request;
        return { actorId, assignee: assigneeId === null ? null : await this.#assignee(assigneeId) };
      }
      default:
        return { actorId };
    }
  }

  async #attachments(actor: Supervisor, row: IncidentRow, ids: readonly string[]): Promise<Attachment[]> {
    if (ids.length === 0) return [];
    const unused = await this.#options.attachments.unusedOf(row.id, actor.userId);
    return ids.map((id) => {
      const found = unused.find((one) => one.id === id);
      if (found === undefined) throw attachmentUnknown();
      const { name, type, size_bytes: sizeBytes, sha256 } = found;
      return { id, name, type, sizeBytes, sha256 };
    });
  }

  /** Footage of another unit, or of time to come, answers nothing. */
  async #stretches(row: IncidentRow, asked: readonly Omit<AnswerStretch, 'cameraName'>[]): Promise<AnswerStretch[]> {
    const { cameraOf, clock } = this.#options;
    return Promise.all(
      asked.map(async ({ cameraId, fromMs, toMs }) => {
        const [first, last] = await Promise.all([cameraOf(cameraId, fromMs), cameraOf(cameraId, toMs - 1)]);
        if (first?.unitId !== row.unit_id || last?.unitId !== row.unit_id) {
          throw new AppError('invalid', 'stretch_of_another_unit', {
            fields: { stretches: 'cameras of the own unit' },
          });
        }
        if (toMs > clock.nowMs()) {
          throw new AppError('invalid', 'time_out_of_bounds', { fields: { stretches: 'not in the future' } });
        }
        return { cameraId, cameraName: first.name, fromMs, toMs };
      }),
    );
  }

  async #other(actor: Supervisor, row: IncidentRow, id: string): Promise<IncidentRow> {
    const refuse = (code: string) => new AppError('invalid', code, { fields: { of: 'another case of the unit' } });
    if (id === row.id) throw refuse('duplicate_of_itself');
    const other = await visibleCase(actor, id, this.#options);
    if (other.unit_id !== row.unit_id) throw refuse('duplicate_of_another_unit');
    if (other.state === 'duplicate') throw refuse('duplicate_of_duplicate');
    return other;
  }

  #refuseCorrection(row: IncidentRow, { category, severity }: { category?: string; severity?: number }): void {
    if (category !== undefined && !this.#categories.has(category)) {
      throw new AppError('invalid', 'category_unknown', { fields: { category: 'not a category of this city' } });
    }
    if ((category ?? row.category) === row.category && (severity ?? row.severity) === row.severity) {
      throw new AppError('invalid', 'nothing_corrected', { fields: { category: 'another than now' } });
    }
  }

  /** Somebody who may see the case and take steps in it. */
  async #assignee(id: string): Promise<Account> {
    const { people, reachOf } = this.#options;
    const account = await people.find(id);
    const may = (role: Role) =>
      (['verify_incident', 'conclude_incident'] as const).some((a) => reachOf(role, a) === 'city');
    const person = account && { userId: account.id, name: account.name, role: account.role, unitId: account.unitId };
    if (account === undefined || person === undefined || !may(account.role) || viewOf(person, reachOf) !== 'city') {
      throw new AppError('invalid', 'assignee_unfit', { fields: { assigneeId: 'somebody who may act on the case' } });
    }
    return account;
  }
}

export function attachmentUnknown(): AppError {
  return new AppError('invalid', 'attachment_unknown', {
    fields: { attachments: 'files sent for this step by yourself' },
  });
}
