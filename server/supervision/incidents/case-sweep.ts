import { z } from 'zod';
import {
  type EntryDetails,
  incidentState,
  type Superior,
  superior as superiorSchema,
} from '../../contracts/incidents.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Events } from '../../platform/events.ts';
import { newId } from '../../platform/ids.ts';
import type { Logger } from '../../platform/log.ts';
import type { CaseNewsStore } from '../../storage/case-news.store.ts';
import type { Queries } from '../../storage/database.ts';
import {
  type IncidentChange,
  type IncidentEntryRow,
  type IncidentRow,
  type IncidentStore,
  noDueMs,
} from '../../storage/incident.store.ts';
import { type IncidentSweepStore, told } from '../../storage/incident-sweep.store.ts';
import type { City } from '../city.ts';
import type { AuditRecord } from '../supervisor.ts';
import type { Attachments } from './attachments.ts';
import { releasedBefore, termAgain } from './deadline-policy.ts';
import type { IncidentFootage } from './footage.ts';
import type { IncidentEvents } from './incidents.ts';

type Write = (within: Queries) => Promise<unknown>;

const dueNews = z.object({
  incidentId: z.string(),
  state: incidentState,
  due: z.enum(['soon', 'overdue']),
  superior: superiorSchema.nullable(),
});

export interface CaseSweepOptions {
  store: IncidentStore;
  sweepStore: IncidentSweepStore;
  news: CaseNewsStore;
  city: Pick<City, 'workflow' | 'calendar'>;
  footage: Pick<IncidentFootage, 'release'>;
  attachments: Pick<Attachments, 'removeForgotten'>;
  /** Adds a record of what the server does by itself. */
  audit: (record: Pick<AuditRecord, 'action' | 'subject' | 'details'>, within: Queries) => Promise<unknown>;
  events: Events<IncidentEvents>;
  clock: Clock;
  log: Logger;
  /** A minute when left out. */
  everyMs?: number;
}

const minuteMs = 60_000;
/** What was to be told and was not is told again after so long: more than telling takes. */
const againMs = 2 * minuteMs;
/** More than that waits for the next round. */
const batch = 200;

/**
 * What time and the calendar bring about: terms follow the calendar, a term that is soon over or has passed is told once, a passed one goes to the superior, a concluded case is closed
 * after its term of appeal, footage is given free when its term is over, files that no step used are removed. Two servers, or one that starts
 * again, do nothing twice: whoever writes first, in the case itself, does it.
 */
export class CaseSweep {
  readonly #options: CaseSweepOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(options: CaseSweepOptions) {
    this.#options = options;
  }

  /** Goes over all cases at once, and then every minute. */
  start(): void {
    void this.run();
    this.#timer = setInterval(() => void this.run(), this.#options.everyMs ?? minuteMs);
    this.#timer.unref();
  }

  /** Ends the rounds; the one that is under way is waited for. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  /** One round; joins the one that is under way. What fails is logged and tried again in the next round. */
  run(): Promise<void> {
    this.#running ??= this.#round().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #round(): Promise<void> {
    for (const part of [
      this.#countAgain,
      this.#tellAgain,
      this.#tellSoon,
      this.#tellPassed,
      this.#release,
      this.#removeForgotten,
    ]) {
      if (this.#stopped) return;
      try {
        await part.call(this);
      } catch (error) {
        this.#options.log.error({ err: error }, 'a round over the terms of cases failed');
      }
    }
  }

  /** A changed calendar moves the terms that run. Before anything is told of them; what was told to have passed stays. */
  async #countAgain(): Promise<void> {
    const { sweepStore, city, clock } = this.#options;
    for (;;) {
      const { version } = city.calendar;
      const rows = await sweepStore.countedBefore(version, batch);
      let outrun = 0;
      for (const row of rows) {
        if (this.#stopped) return;
        const nowMs = clock.nowMs();
        const entered = { state: row.state, unitId: row.unit_id, enteredMs: row.entered_at_ms };
        const term = termAgain(city, entered, row.due_at_ms, nowMs);
        const { dueAtMs, soonAtMs } = term ?? { dueAtMs: row.due_at_ms, soonAtMs: row.soon_at_ms };
        const counted = {
          term_version: version,
          soon_at_ms: soonAtMs,
          due_told: soonAtMs > nowMs ? told.nothing : row.due_told,
        };
        if (dueAtMs === row.due_at_ms) await sweepStore.setCounted(row, counted);
        else if (!(await this.#moveTerm(row, { ...counted, due_at_ms: dueAtMs }))) outrun += 1;
      }
      // Those that somebody moves at this moment are looked at again in the next round.
      if (rows.length < batch || outrun > 0) return;
    }
  }

  async #moveTerm(row: IncidentRow, counted: Pick<IncidentRow, 'due_at_ms' | 'term_version'>): Promise<boolean> {
    const change = { ...counted, updated_at_ms: this.#options.clock.nowMs() };
    const term = { from: row.due_at_ms, to: counted.due_at_ms };
    const record = { action: 'incident.term_changed', calendar: counted.term_version, ...term };
    return this.#move(row, 'term_changed', row.state, change, { term }, record);
  }

  async #tellSoon(): Promise<void> {
    const { sweepStore, clock, events } = this.#options;
    for (const row of await sweepStore.dueSoon(clock.nowMs(), batch)) {
      if (this.#stopped) return;
      const { news, write } = this.#news({ incidentId: row.id, state: row.state, due: 'soon', superior: null });
      if (await sweepStore.setTold(row, told.soon, write)) events.emit('due', news);
    }
  }

  async #tellPassed(): Promise<void> {
    const { sweepStore, clock, events } = this.#options;
    for (const row of await sweepStore.passed(clock.nowMs(), batch)) {
      if (this.#stopped) return;
      if (row.state === 'concluded') {
        await this.#close(row);
        continue;
      }
      const superior = this.#superior(row);
      const { news, write } = this.#news({ incidentId: row.id, state: row.state, due: 'overdue', superior });
      const first =
        superior === null
          ? await sweepStore.setTold(row, told.overdue, write)
          : await this.#escalate(row, superior, write);
      if (first) events.emit('due', news);
    }
  }

  /** What people are to be told, and what keeps it with the case until they were: a crash in between loses none of it. */
  #news(due: Omit<IncidentEvents['due'], 'newsId'>): { news: IncidentEvents['due']; write: Write } {
    const { news: store, clock } = this.#options;
    const id = newId();
    const row = { id, news: JSON.stringify(due), next_at_ms: clock.nowMs() + againMs };
    return { news: { newsId: id, ...due }, write: (within) => store.add(row, within) };
  }

  /** Tells again what nobody has told; of a state that the case has left, not any more. */
  async #tellAgain(): Promise<void> {
    const { news: store, store: cases, clock, events } = this.#options;
    const nowMs = clock.nowMs();
    for (const row of await store.takeUp(nowMs, nowMs + againMs, batch)) {
      if (this.#stopped) return;
      const due = dueNews.parse(JSON.parse(row.news));
      if ((await cases.find(due.incidentId))?.state !== due.state) await store.remove([row.id]);
      else events.emit('due', { newsId: row.id, ...due });
    }
  }

  #superior({ state }: IncidentRow): Superior | null {
    const superiors: Partial<Record<IncidentRow['state'], Superior | null>> = this.#options.city.workflow.superiors;
    return superiors[state] ?? null;
  }

  /** True for whoever is the first; a case that somebody moves meanwhile is looked at again in the next round. */
  async #escalate(row: IncidentRow, superior: Superior, write: Write): Promise<boolean> {
    const nowMs = this.#options.clock.nowMs();
    const change = { due_told: told.overdue, escalated_at_ms: nowMs, updated_at_ms: nowMs };
    const to = 'role' in superior ? superior.role : superior.username;
    const record = { action: 'incident.escalated', superior: to };
    return this.#move(row, 'escalate', row.state, change, { superior }, record, write);
  }

  async #close(row: IncidentRow): Promise<void> {
    const nowMs = this.#options.clock.nowMs();
    const change: IncidentChange = {
      state: 'closed',
      updated_at_ms: nowMs,
      closed_at_ms: nowMs,
      due_at_ms: noDueMs,
      soon_at_ms: noDueMs,
      due_told: told.nothing,
      unit_version: row.unit_version + 1,
      unit_changed_at_ms: nowMs,
    };
    await this.#move(row, 'close', 'closed', change, {}, { action: 'incident.closed' });
  }

  async #move(
    row: IncidentRow,
    step: string,
    to: IncidentRow['state'],
    change: IncidentChange,
    details: EntryDetails,
    { action, ...more }: { action: string } & AuditRecord['details'],
    also?: Write,
  ): Promise<boolean> {
    const { store, audit, clock, events } = this.#options;
    const entry: IncidentEntryRow = {
      incident_id: row.id,
      seq: row.version + 1,
      at_ms: clock.nowMs(),
      step,
      actor_id: '',
      actor_name: '',
      actor_role: 'system',
      from_state: row.state,
      to_state: to,
      conclusion: null,
      reason: '',
      address: '',
      due_at_ms: step === 'term_changed' ? (change.due_at_ms ?? null) : null,
      details: JSON.stringify(details),
    };
    const record = {
      action,
      subject: `incident:${row.id}`,
      details: { number: row.number, version: entry.seq, step, fromState: row.state, toState: to, ...more },
    };
    const won = await store.advance(row.id, row.version, change, entry, async (within) => {
      await audit(record, within);
      await also?.(within);
    });
    if (won) events.emit('changed', { incidentId: row.id, seq: entry.seq, step, actorId: null });
    return won;
  }

  async #release(): Promise<void> {
    const { sweepStore, footage, city, clock, log } = this.#options;
    const nowMs = clock.nowMs();
    const before = releasedBefore(nowMs, city.workflow.keepFootageMonths);
    for (const { id, number } of await sweepStore.releasable(before, batch)) {
      if (this.#stopped) return;
      // Giving free twice is giving free once; forgetting to would keep the footage for ever.
      await footage.release({ id });
      await sweepStore.setReleased(id, nowMs);
      log.info({ incident: id, number }, 'the footage of a case is given free: its term after the end is over');
    }
  }

  async #removeForgotten(): Promise<void> {
    await this.#options.attachments.removeForgotten(batch);
  }
}
