import type { Severity } from '../../contracts/common.ts';
import { entryDetails } from '../../contracts/incidents.ts';
import type {
  BlindCase,
  SecondJudgement,
  SecondJudgementRequest,
  SecondReadingList,
  SecondReadingSummary,
} from '../../contracts/second-readings.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { fromFlag, toFlag } from '../../storage/columns.ts';
import type { Database, Queries } from '../../storage/database.ts';
import type { IncidentEntryRow, IncidentRow, IncidentStore } from '../../storage/incident.store.ts';
import { type SecondReadingRow, SecondReadingStore } from '../../storage/second-reading.store.ts';
import type { City } from '../city.ts';
import type { Audit, ReachOf, Supervisor } from '../supervisor.ts';
import { agree, decisionOf, isDrawn, type Reading } from './second-reading-policy.ts';
import { notPermitted } from './visibility.ts';

export interface SecondReadingsOptions<A extends Supervisor> {
  database: Database;
  incidents: Pick<IncidentStore, 'find' | 'entries'>;
  city: Pick<City, 'categories'>;
  /** Share of the decided cases that are read a second time. */
  percent: number;
  /** In [0, 1). */
  random: () => number;
  reachOf: ReachOf;
  audit: Audit<A>;
  clock: Clock;
}

/** Who began a reading and let it lie that long leaves it to others. */
const claimMs = 2 * 86_400_000;
const mostListed = 50;

/**
 * Blind second readings. A case is drawn at the moment it is decided, and nobody is told which: only a reader meets it, without its number,
 * people, comments and decision. Blind means that the reader took no step in it and has not opened the whole case since: whoever does is no
 * reader of it any more, and a reading that they had begun goes to somebody else.
 */
export class SecondReadings<A extends Supervisor = Supervisor> {
  readonly #options: SecondReadingsOptions<A>;
  readonly #store: SecondReadingStore;

  constructor(options: SecondReadingsOptions<A>) {
    this.#options = options;
    this.#store = new SecondReadingStore(options.database.kysely);
  }

  /** Draws the case if the entry decided it and the lot falls on it, with the decision or not at all. `row` is the case as decided. */
  async consider(row: IncidentRow, entry: IncidentEntryRow, within: Queries): Promise<void> {
    const { percent, random, clock } = this.#options;
    const decision = decisionOf(entry.step, entry.from_state);
    if (decision === null || !isDrawn(percent, random())) return;
    const drawn: SecondReadingRow = {
      id: newId(),
      incident_id: row.id,
      drawn_at_ms: clock.nowMs(),
      decided_by_id: entry.actor_id,
      decided_violation: toFlag(decision.violation),
      decided_category: row.category,
      decided_severity: row.severity,
      decided_conclusion: decision.violation ? row.conclusion : null,
      reader_id: null,
      claimed_at_ms: null,
      judged_at_ms: null,
      violation: null,
      category: null,
      severity: null,
      conclusion: null,
      reason: null,
      agreed: null,
    };
    await this.#store.draw(drawn, within);
  }

  /** Somebody is shown the whole case: from now on they are no blind reader of it. */
  async opened(actor: Supervisor, incidentId: string): Promise<void> {
    if (this.#mayRead(actor)) await this.#store.opened(incidentId, actor.userId, this.#options.clock.nowMs());
  }

  /** Errors: `not_permitted` for whoever may not conclude cases. */
  async list(actor: Supervisor): Promise<SecondReadingList> {
    this.#require(actor);
    const [open, done] = await Promise.all([
      this.#store.openFor(actor.userId, this.#lapsedMs(), mostListed),
      this.#store.doneBy(actor.userId, mostListed),
    ]);
    const rows = await Promise.all(done.map((row) => this.#options.incidents.find(row.incident_id)));
    return {
      open: open.map((row) => summary(row, actor, undefined)),
      done: done.map((row, i) => summary(row, actor, rows[i])),
    };
  }

  /**
   * Opens the blind case and takes it for this reader. Errors: `not_permitted`, `reading_unknown` (also not the person's to
   * read), `reading_not_blind` (the person has been shown the whole case since).
   */
  async begin(actor: Supervisor, id: string): Promise<BlindCase> {
    const { incidents, clock } = this.#options;
    const reading = await this.#readable(actor, id);
    if (!(await this.#store.claim(id, actor.userId, clock.nowMs(), this.#lapsedMs()))) throw unknown();
    const [row, entries] = await Promise.all([
      incidents.find(reading.incident_id),
      incidents.entries(reading.incident_id),
    ]);
    if (row === undefined) throw unknown();
    return {
      id,
      drawnAtMs: reading.drawn_at_ms,
      cameraId: row.camera_id,
      cameraName: row.camera_name,
      unitName: row.unit_name,
      atMs: row.at_ms,
      fromMs: row.from_ms,
      toMs: row.to_ms,
      finding: row.finding ?? '',
      question: row.question ?? '',
      explanations: entries
        .filter((entry) => entry.step === 'explain')
        .map((entry) => ({ atMs: entry.at_ms, text: entry.reason, ...filesOf(entry) })),
    };
  }

  /**
   * The case that a file of an explanation belongs to, for whoever reads it at present.
   * Errors: those of `begin`, `reading_not_begun`, `attachment_unknown`.
   */
  async caseOfAttachment(actor: Supervisor, id: string, attachmentId: string): Promise<string> {
    const reading = await this.#readable(actor, id);
    if (reading.reader_id !== actor.userId) throw new AppError('conflict', 'reading_not_begun');
    const entries = await this.#options.incidents.entries(reading.incident_id);
    const answers = entries.filter((entry) => entry.step === 'explain');
    if (!answers.some((entry) => filesOf(entry).attachments.some((file) => file.id === attachmentId))) {
      throw new AppError('not_found', 'attachment_unknown');
    }
    return reading.incident_id;
  }

  /**
   * The second judgement; it changes nothing in the case. Errors: those of `begin`, `reading_not_begun`, `category_unknown`.
   */
  async judge(actor: A, id: string, request: SecondJudgementRequest, address = ''): Promise<SecondJudgement> {
    const { database, incidents, clock, city, audit } = this.#options;
    const reading = await this.#readable(actor, id);
    if (!city.categories.some(({ code }) => code === request.category)) {
      throw new AppError('invalid', 'category_unknown', { fields: { category: 'not a category of this city' } });
    }
    const row = await incidents.find(reading.incident_id);
    if (row === undefined) throw unknown();
    const first = firstOf(reading);
    const second: Reading = request;
    const agreed = agree(first, second);
    const judgement = {
      judged_at_ms: clock.nowMs(),
      violation: toFlag(request.violation),
      category: request.category,
      severity: request.severity,
      conclusion: request.conclusion,
      reason: request.reason,
      agreed: toFlag(agreed),
    };
    await database.kysely.transaction().execute(async (trx) => {
      if (!(await this.#store.judge(id, actor.userId, judgement, trx))) {
        throw new AppError('conflict', 'reading_not_begun');
      }
      const details = { number: row.number, reading: id, agreed: agreed ? 1 : 0 };
      await audit({ actor, address, action: 'incident.read_again', subject: `incident:${row.id}`, details }, trx);
    });
    const shown = (one: Reading) => ({ ...one, severity: one.severity as Severity });
    const { violation, category, severity, conclusion } = request;
    return {
      id,
      incidentId: row.id,
      number: row.number,
      agreed,
      first: shown(first),
      second: shown({ violation, category, severity, conclusion }),
    };
  }

  async #readable(actor: Supervisor, id: string): Promise<SecondReadingRow> {
    this.#require(actor);
    const reading = await this.#store.openOne(id, actor.userId, this.#lapsedMs());
    if (reading !== undefined) return reading;
    const lost = await this.#store.find(id);
    if (lost?.judged_at_ms === null && (await this.#store.hasOpened(lost.incident_id, actor.userId))) {
      throw new AppError('conflict', 'reading_not_blind');
    }
    throw unknown();
  }

  #lapsedMs(): number {
    return this.#options.clock.nowMs() - claimMs;
  }

  #mayRead(actor: Supervisor): boolean {
    return this.#options.reachOf(actor.role, 'conclude_incident') === 'city';
  }

  #require(actor: Supervisor): void {
    if (!this.#mayRead(actor)) throw notPermitted();
  }
}

/** What the unit has handed in with an answer. */
function filesOf(entry: Pick<IncidentEntryRow, 'details'>) {
  const { stretches = [], attachments = [] } = entryDetails.parse(JSON.parse(entry.details));
  return { stretches, attachments };
}

function firstOf(row: SecondReadingRow): Reading {
  return {
    violation: fromFlag(row.decided_violation),
    category: row.decided_category,
    severity: row.decided_severity,
    conclusion: row.decided_conclusion,
  };
}

function summary(row: SecondReadingRow, actor: Supervisor, incident: IncidentRow | undefined): SecondReadingSummary {
  return {
    id: row.id,
    drawnAtMs: row.drawn_at_ms,
    begun: row.reader_id === actor.userId,
    judgedAtMs: row.judged_at_ms,
    agreed: row.agreed === null ? null : fromFlag(row.agreed),
    incidentId: incident?.id ?? null,
    number: incident?.number ?? null,
  };
}

function unknown(): AppError {
  return new AppError('not_found', 'reading_unknown');
}
