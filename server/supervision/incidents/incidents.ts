import type {
  Category,
  CreateIncidentRequest,
  DraftRequest,
  Incident,
  IncidentPage,
  IncidentQuery,
  IncidentState,
  IncidentStep,
  IncidentSummary,
  StepRequests,
  Superior,
} from '../../contracts/incidents.ts';
import type { TimelineIncident } from '../../contracts/timeline.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import type { Events } from '../../platform/events.ts';
import { newId } from '../../platform/ids.ts';
import type { PictureFiles } from '../../platform/picture-files.ts';
import type { AttachmentStore } from '../../storage/attachment.store.ts';
import type { ConclusionDraftStore } from '../../storage/conclusion-draft.store.ts';
import type { Queries } from '../../storage/database.ts';
import { type IncidentRow, type IncidentStore, noDueMs } from '../../storage/incident.store.ts';
import type { City } from '../city.ts';
import { plainDateOf } from '../local-time.ts';
import type { PeopleDirectory } from '../people.ts';
import type { Audit, ReachOf, Supervisor } from '../supervisor.ts';
import { searchTextOf } from './case-search.ts';
import { CaseSteps, type Stepped } from './case-steps.ts';
import { termOf } from './deadline-policy.ts';
import { longestStretchMs, momentOf, refuseTimes } from './flag-policy.ts';
import type { IncidentFootage } from './footage.ts';
import type { IncidentList } from './incident-list.ts';
import { isForUnit, type PresentContext, presentDetailFor, presentFor, presentOnTimeline } from './present.ts';
import { openStates } from './state-policy.ts';
import type { StepTaking } from './step-effects.ts';
import type { CameraOf } from './step-facts.ts';
import { maySee, notPermitted, unknownIncident, viewOf } from './visibility.ts';

export type { CameraPlace } from './step-facts.ts';

export interface IncidentEvents {
  created: { incidentId: string };
  /** A new entry; `actorId` is null where the server acted by itself. */
  changed: { incidentId: string; seq: number; step: string; actorId: string | null };
  commented: { incidentId: string; commentId: string };
  /** The end of the stretch is recorded, or will not come any more. Once a case. */
  footage: { incidentId: string };
  /**
   * Once for each state that a case comes to, and kind; `superior` is told that a term has passed. It comes again until whoever tells people of it
   * has removed `newsId`.
   */
  due: { newsId: string; incidentId: string; state: IncidentState; due: 'soon' | 'overdue'; superior: Superior | null };
}

export interface IncidentsOptions<A extends Supervisor> {
  store: IncidentStore;
  attachments: AttachmentStore;
  drafts: ConclusionDraftStore;
  list: IncidentList;
  /** Told of whoever is shown a whole case. */
  opened?: ((actor: Supervisor, incidentId: string) => Promise<void>) | undefined;
  /** Told of every step, as part of its transaction. */
  stepped?: Stepped | undefined;
  city: Pick<City, 'categories' | 'units' | 'calendar' | 'workflow'>;
  cameraOf: CameraOf;
  people: Pick<PeopleDirectory, 'find'>;
  reachOf: ReachOf;
  audit: Audit<A>;
  events: Events<IncidentEvents>;
  footage: IncidentFootage;
  stills: PictureFiles;
  clock: Clock;
}

const maxOnTimeline = 2000;

/** A case in which nothing has happened yet but the flag. */
const fresh = {
  unit_search_text: '',
  unit_version: 1,
  unit_changed_at_ms: 0,
  finding: null,
  question: null,
  assignee_id: null,
  assignee_name: null,
  assignee_role: null,
  concluded_by_id: null,
  duplicate_of_id: null,
  duplicate_of_number: null,
  due_told: 0,
  escalated_at_ms: null,
  closed_at_ms: null,
  released_at_ms: null,
  footage_told: 0,
};

/** Cases: flagging, the steps to an end, and what each person may see of them. `A` is the caller's own form of a person. */
export class Incidents<A extends Supervisor = Supervisor> {
  readonly #options: IncidentsOptions<A>;
  readonly #categories: ReadonlyMap<string, Category>;
  readonly #steps: CaseSteps<A>;

  constructor(options: IncidentsOptions<A>) {
    this.#options = options;
    this.#steps = new CaseSteps(options);
    this.#categories = new Map(options.city.categories.map((category) => [category.code, category]));
  }

  /**
   * Flags a moment. The stretch is held and the still taken in the background; neither can fail the flag. `address` is the
   * caller's network address, for the audit log.
   * Errors: `not_permitted`, `camera_unknown`, `category_unknown`, `time_out_of_bounds` (more than 31 days ago or 10 minutes
   * ahead, a moment outside of the stretch, or a stretch in which the camera came to another unit). The case belongs to the unit in which
   * the camera stood then. What `also` writes is written with the case, or neither.
   */
  async create(
    actor: A,
    request: CreateIncidentRequest,
    address = '',
    also?: (incidentId: string, within: Queries) => Promise<unknown>,
  ): Promise<Incident> {
    const { store, city, clock, audit, events, footage } = this.#options;
    if (this.#options.reachOf(actor.role, 'flag_incident') !== 'city') throw notPermitted();
    const category = this.#category(request.category);
    const nowMs = clock.nowMs();
    const atMs = momentOf(request);
    refuseTimes(request, nowMs);
    const camera = await this.#options.cameraOf(request.cameraId, request.fromMs);
    if (camera === undefined) {
      throw new AppError('not_found', 'camera_unknown', { params: { camera: request.cameraId } });
    }
    // A case shows its unit the whole stretch, so none may reach into the footage of another.
    const atEnd = await this.#options.cameraOf(request.cameraId, request.toMs - 1);
    if (atEnd?.unitId !== camera.unitId) {
      throw new AppError('invalid', 'time_out_of_bounds', {
        fields: { toMs: 'before the camera came to another unit' },
      });
    }
    const term = termOf(city, 'flagged', camera.unitId, nowMs);
    const unitName = city.units.find(camera.unitId)?.name ?? camera.unitId;
    const id = newId();
    const { year } = plainDateOf(nowMs);
    const row = await store.create(
      {
        id,
        version: 1,
        state: 'flagged',
        category: category.code,
        severity: request.severity ?? category.severity,
        camera_id: camera.id,
        camera_name: camera.name,
        unit_id: camera.unitId,
        unit_name: unitName,
        at_ms: atMs,
        from_ms: request.fromMs,
        to_ms: request.toMs,
        note: request.note,
        flagged_by_id: actor.userId,
        flagged_by_name: actor.name,
        flagged_by_role: actor.role,
        created_at_ms: nowMs,
        updated_at_ms: nowMs,
        due_at_ms: term?.dueAtMs ?? noDueMs,
        soon_at_ms: term?.soonAtMs ?? noDueMs,
        term_version: city.calendar.version,
        sent_at_ms: null,
        conclusion: null,
        ...fresh,
        held: 0,
        still: 'pending',
      },
      {
        incident_id: id,
        seq: 1,
        at_ms: nowMs,
        step: 'flag',
        ...signature(actor),
        from_state: null,
        to_state: 'flagged',
        conclusion: null,
        reason: request.note,
        address,
        due_at_ms: term?.dueAtMs ?? null,
        details: '{}',
      },
      year,
      (sequence) => {
        const number = `VV-${year}-${String(sequence).padStart(4, '0')}`;
        const place = {
          unit_name: unitName,
          camera_name: camera.name,
          note: request.note,
          flagged_by_name: actor.name,
        };
        return { number, search_text: searchTextOf(number, category, place) };
      },
      async (created, within) => {
        await also?.(id, within);
        const details = { number: created.number, category: created.category, camera: camera.id, atMs };
        await audit({ actor, address, action: 'incident.created', subject: `incident:${id}`, details }, within);
      },
    );
    footage.keep(row);
    events.emit('created', { incidentId: id });
    return this.#detail(actor, row);
  }

  /** Errors: `incident_unknown`, also for a case that the person may not see. */
  async get(actor: Supervisor, id: string): Promise<Incident> {
    const row = await this.#visible(actor, id);
    await this.#options.opened?.(actor, id);
    return this.#detail(actor, row);
  }

  /** The case without history and footage. Errors: `incident_unknown`. */
  async summary(actor: Supervisor, id: string): Promise<IncidentSummary> {
    return presentFor(actor, await this.#visible(actor, id), this.#context());
  }

  /**
   * Reads a case once and returns what tells it to each of many people, or null to whoever may not see it. With `step`, also to whoever may not
   * know that it was taken.
   */
  async audience(id: string, step?: string): Promise<(person: Supervisor) => IncidentSummary | null> {
    const row = await this.#options.store.find(id);
    const context = this.#context();
    return (person) => {
      if (row === undefined || !maySee(person, row, context.reachOf)) return null;
      const hidden = step !== undefined && !isForUnit(step) && viewOf(person, context.reachOf) !== 'city';
      return hidden ? null : presentFor(person, row, context);
    };
  }

  /** Errors: those of `IncidentList.page`. */
  list(actor: Supervisor, query: IncidentQuery): Promise<IncidentPage> {
    return this.#options.list.page(actor, query);
  }

  /** Takes a step, decided on `request.version`. Of two at once one wins. Errors: those of `CaseSteps.take`. */
  async step<S extends IncidentStep>(
    actor: A,
    id: string,
    step: S,
    request: StepRequests[S],
    address = '',
  ): Promise<Incident> {
    const row = await this.#steps.take(actor, id, { step, request } as StepTaking, address);
    // The footage that the unit points to is to be held as well.
    if (step === 'explain' && row.held === 0) this.#options.footage.keep(row);
    return this.#detail(actor, row);
  }

  /**
   * Keeps a conclusion in preparation, in place of the one that is there. Errors: `incident_unknown`, `not_permitted` for whoever may not
   * conclude, `step_out_of_order` where nothing is to be concluded.
   */
  async prepare(actor: A, id: string, { conclusion, text }: DraftRequest): Promise<Incident> {
    const { drafts, reachOf, clock } = this.#options;
    const row = await this.#visible(actor, id);
    if (reachOf(actor.role, 'conclude_incident') !== 'city') throw notPermitted();
    if (!openStates.includes(row.state)) throw new AppError('conflict', 'step_out_of_order');
    const author = { author_id: actor.userId, author_name: actor.name, author_role: actor.role };
    if (text === '' && conclusion === null) await drafts.remove(id);
    else await drafts.put({ incident_id: id, conclusion, text, ...author, at_ms: clock.nowMs() });
    return this.#detail(actor, row);
  }

  /** Cases of a camera that touch [fromMs, toMs), by time; none for whoever may not see them. At most 2000. */
  async forTimeline(actor: Supervisor, cameraId: string, fromMs: number, toMs: number): Promise<TimelineIncident[]> {
    const view = viewOf(actor, this.#options.reachOf);
    if (view === null) return [];
    const rows = await this.#options.store.ofCamera(view, cameraId, fromMs, toMs, longestStretchMs, maxOnTimeline);
    return rows.map(presentOnTimeline);
  }

  /**
   * The JPEG that was kept when the case was flagged; an attempt that is under way is awaited.
   * Errors: `incident_unknown`; `still_pending` (try again) and `still_missing` (there was no picture of the moment).
   */
  async still(actor: Supervisor, id: string): Promise<Uint8Array> {
    const { footage, stills, store } = this.#options;
    let row = await this.#visible(actor, id);
    if (row.still === 'pending') {
      await footage.attempted(id);
      row = (await store.find(id)) ?? row;
    }
    if (row.still === 'pending') throw new AppError('unavailable', 'still_pending', { params: { incident: id } });
    const jpeg = row.still === 'kept' ? await stills.read(id) : undefined;
    if (jpeg === undefined) throw new AppError('not_found', 'still_missing', { params: { incident: id } });
    return jpeg;
  }

  #category(code: string): Category {
    const category = this.#categories.get(code);
    if (category !== undefined) return category;
    throw new AppError('invalid', 'category_unknown', { fields: { category: 'not a category of this city' } });
  }

  async #visible(actor: Supervisor, id: string): Promise<IncidentRow> {
    const row = await this.#options.store.find(id);
    if (row === undefined || !maySee(actor, row, this.#options.reachOf)) throw unknownIncident(id);
    return row;
  }

  async #detail(actor: Supervisor, row: IncidentRow): Promise<Incident> {
    const { store, drafts, footage, city } = this.#options;
    const [entries, draft, recorded] = await Promise.all([store.entries(row.id), drafts.find(row.id), footage.of(row)]);
    const context = { ...this.#context(), workflow: city.workflow };
    return presentDetailFor(actor, row, { entries, draft, footage: recorded }, context);
  }

  #context(): PresentContext {
    const { reachOf, city, clock } = this.#options;
    return { reachOf, calendar: city.calendar, nowMs: clock.nowMs() };
  }
}

function signature(actor: Supervisor) {
  return { actor_id: actor.userId, actor_name: actor.name, actor_role: actor.role };
}
