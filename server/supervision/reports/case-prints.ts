import type { Category, Incident } from '../../contracts/incidents.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Recorder } from '../../recorder/recorder.ts';
import type { City } from '../city.ts';
import { viewOf } from '../incidents/visibility.ts';
import type { AuditRecord, ReachOf, Supervisor } from '../supervisor.ts';
import { casePaper } from './case-paper.ts';
import { caseFiles, caseStills, type SeenStill } from './case-stills.ts';
import type { ReportMaker } from './report-maker.ts';

export interface CasePrintsOptions<A extends Supervisor> {
  incidents: {
    get(actor: A, id: string): Promise<Incident>;
    still(actor: A, id: string): Promise<Uint8Array>;
  };
  recorder: Pick<Recorder, 'still' | 'vodPlaylist' | 'recordedFileTime'>;
  city: Pick<City, 'categories' | 'units' | 'letterhead' | 'simulated'>;
  /** Desks that a camera covers now. */
  deskIdsOf: (cameraId: string) => readonly string[];
  maker: ReportMaker;
  reachOf: ReachOf;
  audit: (record: AuditRecord<A>) => Promise<unknown>;
  clock: Clock;
}

/** A case as a paper. What is in it is what the reader may see of the case, and nothing else. */
export class CasePrints<A extends Supervisor = Supervisor> {
  readonly #options: CasePrintsOptions<A>;
  readonly #categories: ReadonlyMap<string, Category>;

  constructor(options: CasePrintsOptions<A>) {
    this.#options = options;
    this.#categories = new Map(options.city.categories.map((category) => [category.code, category]));
  }

  /**
   * A PDF of the case. `seen` hears of each picture of the recordings in it, for the log of views. Errors: `incident_unknown`, also for a case that
   * the person may not see; `reports_busy`, `report_failed`.
   */
  async pdf(
    actor: A,
    id: string,
    {
      address,
      signal,
      seen,
    }: { address: string; signal: AbortSignal; seen: (cameraId: string, still: SeenStill) => void },
  ): Promise<{ name: string; bytes: Uint8Array }> {
    const { incidents, recorder, city, maker, reachOf, audit, clock } = this.#options;
    const leave = maker.enter(actor.userId);
    try {
      const incident = await incidents.get(actor, id);
      const { cameraId, number } = incident;
      const stills = await caseStills(
        recorder,
        incident,
        () => incidents.still(actor, id),
        (still) => seen(cameraId, still),
      );
      const files = await caseFiles(recorder, incident);
      signal.throwIfAborted();
      const paper = casePaper({
        incident,
        reader: actor,
        ofCity: viewOf(actor, reachOf) === 'city',
        category: this.#categories.get(incident.category),
        desks: this.#desks(incident),
        letterhead: city.letterhead,
        simulated: city.simulated,
        stills,
        files,
        printedAtMs: clock.nowMs(),
      });
      const bytes = await maker.make({ kind: 'pdf', paper }, signal);
      const details = { number, version: incident.version, bytes: bytes.length };
      await audit({ actor, address, action: 'incident.printed', subject: `incident:${id}`, details });
      return { name: `${number}.pdf`, bytes };
    } finally {
      leave();
    }
  }

  /** Of the unit under which the case was recorded: the camera may have come to another since. */
  #desks({ cameraId, unitId }: Incident): string[] {
    const ids = new Set(this.#options.deskIdsOf(cameraId));
    const desks = this.#options.city.units.find(unitId)?.desks ?? [];
    return desks.filter(({ id }) => ids.has(id)).map(({ name }) => name);
  }
}
