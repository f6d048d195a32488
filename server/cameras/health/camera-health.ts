import { join } from 'node:path';
import type { CameraHealth, CameraHealthDetail } from '../../contracts/camera-health.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import { PictureFiles } from '../../platform/picture-files.ts';
import { CameraHealthStore } from '../../storage/camera-health.store.ts';
import { CameraProposalStore } from '../../storage/camera-proposal.store.ts';
import type { Queries } from '../../storage/database.ts';
import { ClockWatch } from './clock-watch.ts';
import { mostSkewMs } from './health-policy.ts';
import { HealthWatch } from './health-watch.ts';
import type { Audit, CameraList, Person, StreamSource } from './hosts.ts';
import { PictureWatch } from './picture-watch.ts';
import { Proposals, type ProposalsOptions } from './proposals.ts';
import { References } from './references.ts';
import { UptimeLog } from './uptime.ts';

export interface CameraHealthOptions<A extends Person> {
  database: Queries;
  /** Pictures are kept below it. */
  dataDir: string;
  cameras: CameraList;
  source: StreamSource;
  /** The camera's clock less ours in ms; null where it tells none. */
  askClock: (cameraId: string, signal: AbortSignal) => Promise<number | null>;
  /** When a camera said goodbye, if it was not heard of since. */
  byeAtMs?: (cameraId: string) => number | null;
  isWorking: ProposalsOptions<A>['isWorking'];
  unitName: ProposalsOptions<A>['unitName'];
  createIncident: ProposalsOptions<A>['createIncident'];
  dayOf: (atMs: number) => string;
  startOfDay: (day: string) => number;
  audit: Audit<A>;
  clock: Clock;
  log: Logger;
  /** How often a picture of each camera is judged. */
  sampleMs: number;
  /** Trouble is told, and a case proposed, once it has lasted so long. */
  lastingMs: number;
}

/** Changes, accounts of days and decided proposals, as long as the log of views. */
const keptMs = 730 * 24 * 3_600_000;

/** The health of cameras: what is known of each, how it should look, and what is proposed of it. */
export class CameraHealthService<A extends Person> {
  readonly watch: HealthWatch;
  readonly pictures: PictureWatch;
  readonly clocks: ClockWatch;
  readonly references: References<A>;
  readonly proposals: Proposals<A>;
  readonly uptime: UptimeLog;
  readonly #cameras: CameraList;
  #cleaning: NodeJS.Timeout | undefined;

  constructor(options: CameraHealthOptions<A>) {
    const { cameras, source, audit, clock, log } = options;
    const store = new CameraHealthStore(options.database);
    const folder = join(options.dataDir, 'health');
    this.#cameras = cameras;
    this.references = new References({
      ...{ store, files: new PictureFiles(join(folder, 'references')), cameras, source, audit, clock, log },
      onChange: (cameraId) => this.pictures.forget(cameraId),
    });
    this.pictures = new PictureWatch({
      ...{ cameras, source, log, everyMs: options.sampleMs },
      referencesOf: (cameraId) => this.references.signaturesOf(cameraId),
      onRound: () => this.watch.lookSoon(),
    });
    this.proposals = new Proposals({
      store: new CameraProposalStore(options.database),
      files: new PictureFiles(join(folder, 'proposals')),
      ...{ cameras, source, audit, clock, log, keptMs },
      isWorking: options.isWorking,
      unitName: options.unitName,
      createIncident: options.createIncident,
    });
    this.watch = new HealthWatch({
      ...{ store, cameras, source, clock, log, lastingMs: options.lastingMs, sampleMs: options.sampleMs },
      sign: (cameraId) => this.pictures.sign(cameraId),
      skewMs: (cameraId) => this.clocks.skewMs(cameraId),
      ...(options.byeAtMs && { byeAtMs: options.byeAtMs }),
      onTrouble: (going, away) => this.proposals.consider(going, away),
      onSpellEnd: (cameraId, fromMs, atMs) => this.proposals.ended(cameraId, fromMs, atMs),
    });
    this.clocks = new ClockWatch({
      ...{ cameras, clock, log },
      ask: options.askClock,
      answers: (cameraId) => this.watch.partsOf(cameraId)[0]?.state === 'good',
      isWrong: (skewMs) => Math.abs(skewMs) > mostSkewMs,
      onAnswer: () => this.watch.lookSoon(),
    });
    this.uptime = new UptimeLog({
      ...{ store, cameras, source, clock, log, keptMs },
      dayOf: options.dayOf,
      startOfDay: options.startOfDay,
    });
  }

  /** Reads what an earlier run knew, and begins to look. */
  async start(): Promise<void> {
    await Promise.all([this.watch.read(), this.references.read()]);
    this.watch.start();
    this.pictures.start();
    this.clocks.start();
    this.uptime.start();
    this.#cleaning = setInterval(() => this.proposals.clean().catch(() => {}), 24 * 3_600_000);
    this.#cleaning.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#cleaning);
    await Promise.all([this.pictures.stop(), this.clocks.stop(), this.uptime.stop()]);
    await this.watch.stop();
    await this.proposals.stop();
  }

  of(cameraId: string): CameraHealth {
    return {
      cameraId,
      parts: this.watch.partsOf(cameraId),
      trouble: this.watch.troubleOf(cameraId),
      notCompared: this.pictures.notCompared(cameraId),
    };
  }

  /** With references and days. Errors: `camera_unknown`. */
  async detail(cameraId: string): Promise<CameraHealthDetail> {
    if (this.#cameras.get(cameraId) === undefined) throw new AppError('not_found', 'camera_unknown');
    const days = await this.uptime.days(cameraId);
    return { ...this.of(cameraId), references: this.references.of(cameraId), days };
  }

  /** A camera that was removed. */
  async forget(cameraId: string): Promise<void> {
    this.pictures.forget(cameraId);
    this.clocks.forget(cameraId);
    await Promise.all([this.watch.forget(cameraId), this.references.forget(cameraId)]);
  }
}
