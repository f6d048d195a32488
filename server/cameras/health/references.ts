import { z } from 'zod';
import type { CameraReference, ReferenceCandidate, ReferenceKind } from '../../contracts/camera-health.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Logger } from '../../platform/log.ts';
import type { PictureFiles } from '../../platform/picture-files.ts';
import type { CameraHealthStore, CameraReferenceRow } from '../../storage/camera-health.store.ts';
import { type Audit, type CameraList, type Person, type StreamSource, sampledStream } from './hosts.ts';
import { judgePicture, type Signature, signatureOf } from './picture-policy.ts';

interface Candidate extends ReferenceCandidate {
  cameraId: string;
  signature: Signature;
  jpeg: Uint8Array;
  atMs: number;
}

const keptMs = 10 * 60_000;
const mostKept = 20;

const stored = z.object({
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  grey: z.base64(),
  mean: z.number(),
  deviation: z.number(),
  sharpness: z.number(),
});

export interface ReferencesOptions<A extends Person> {
  store: CameraHealthStore;
  files: PictureFiles;
  cameras: CameraList;
  source: StreamSource;
  audit: Audit<A>;
  clock: Clock;
  log: Logger;
  /** What was judged against an older reference says nothing any more. */
  onChange: (cameraId: string) => void;
}

/** How each camera should look, by day and by night: pictures that an administrator has looked at and approved. */
export class References<A extends Person> {
  readonly #options: ReferencesOptions<A>;
  readonly #known = new Map<string, { row: CameraReferenceRow; signature: Signature }[]>();
  readonly #candidates = new Map<string, Candidate>();

  constructor(options: ReferencesOptions<A>) {
    this.#options = options;
  }

  async read(): Promise<void> {
    for (const row of await this.#options.store.references()) {
      try {
        this.#remember(row, signatureFrom(row));
      } catch (error) {
        this.#options.log.error({ err: error, camera: row.camera_id, kind: row.kind }, 'a reference cannot be read');
      }
    }
  }

  /** What a camera's pictures are compared with. */
  signaturesOf(cameraId: string): Signature[] {
    return (this.#known.get(cameraId) ?? []).map(({ signature }) => signature);
  }

  of(cameraId: string): CameraReference[] {
    return (this.#known.get(cameraId) ?? []).map(({ row }) => ({
      kind: row.kind,
      mediaTimeMs: row.media_time_ms,
      approvedAtMs: row.approved_at_ms,
      approvedBy: row.approved_by_name,
    }));
  }

  /**
   * A picture of now that may become the reference; whether of day or of night is told by its colours. Errors: `camera_unknown`,
   * `camera_no_picture` (nothing comes), `reference_unfit` (dark, or nothing on it), those of the recorder's still.
   */
  async propose(cameraId: string): Promise<ReferenceCandidate> {
    const { cameras, source, clock } = this.#options;
    const camera = cameras.get(cameraId);
    if (camera === undefined) throw new AppError('not_found', 'camera_unknown');
    const states = await source.states();
    const stream = sampledStream(camera, states.find((one) => one.cameraId === cameraId)?.streams ?? []);
    const [sample] = stream === null ? [] : await source.samples([{ cameraId, stream }]);
    if (sample === undefined) throw new AppError('unavailable', 'camera_no_picture');
    const signature = signatureOf(sample);
    if (judgePicture(signature, []).sign !== 'good') throw new AppError('conflict', 'reference_unfit');
    const { jpeg, mediaTimeMs } = await source.still(cameraId, sample.stream, sample.mediaTimeMs);
    const candidate = {
      id: newId(),
      cameraId,
      kind: signature.kind,
      signature,
      jpeg,
      mediaTimeMs,
      atMs: clock.nowMs(),
    };
    this.#candidates.set(candidate.id, candidate);
    for (const [id, { atMs }] of this.#candidates) {
      if (this.#candidates.size > mostKept || clock.nowMs() - atMs > keptMs) this.#candidates.delete(id);
    }
    return { id: candidate.id, kind: candidate.kind, mediaTimeMs };
  }

  /** Errors: `candidate_gone`. */
  candidate(cameraId: string, candidateId: string): { jpeg: Uint8Array; mediaTimeMs: number } {
    const candidate = this.#candidates.get(candidateId);
    if (
      candidate === undefined ||
      candidate.cameraId !== cameraId ||
      this.#options.clock.nowMs() - candidate.atMs > keptMs
    ) {
      throw new AppError('not_found', 'candidate_gone');
    }
    return candidate;
  }

  /** The picture that was looked at becomes the reference of its kind of light. Errors: `candidate_gone`. */
  async approve(actor: A, cameraId: string, candidateId: string, address: string): Promise<CameraReference> {
    this.candidate(cameraId, candidateId);
    const candidate = this.#candidates.get(candidateId);
    if (candidate === undefined) throw new AppError('not_found', 'candidate_gone');
    const { store, files, audit, clock, onChange } = this.#options;
    const { kind, signature, jpeg, mediaTimeMs } = candidate;
    const row: CameraReferenceRow = {
      camera_id: cameraId,
      kind,
      signature: JSON.stringify(storable(signature)),
      media_time_ms: mediaTimeMs,
      approved_at_ms: clock.nowMs(),
      approved_by_id: actor.userId,
      approved_by_name: actor.name,
    };
    const before = this.#known.get(cameraId)?.find((one) => one.row.kind === kind)?.row;
    await files.write(fileOf(row), jpeg);
    const told = { actor, address, action: 'camera.reference_approved', subject: `camera:${cameraId}` };
    await store.putReference(row, (within) => audit({ ...told, details: { kind, mediaTimeMs } }, within));
    if (before !== undefined && fileOf(before) !== fileOf(row)) await files.remove(fileOf(before));
    this.#candidates.delete(candidateId);
    this.#remember(row, signature);
    onChange(cameraId);
    return { kind, mediaTimeMs, approvedAtMs: row.approved_at_ms, approvedBy: row.approved_by_name };
  }

  /** Errors: `reference_unknown`. */
  async picture(cameraId: string, kind: ReferenceKind): Promise<{ jpeg: Uint8Array; mediaTimeMs: number }> {
    const row = this.#known.get(cameraId)?.find((one) => one.row.kind === kind)?.row;
    const jpeg = row && (await this.#options.files.read(fileOf(row)));
    if (row === undefined || jpeg === undefined) throw new AppError('not_found', 'reference_unknown');
    return { jpeg, mediaTimeMs: row.media_time_ms };
  }

  /** Errors: `reference_unknown`. */
  async drop(actor: A, cameraId: string, kind: ReferenceKind, address: string): Promise<void> {
    const { store, files, audit, onChange } = this.#options;
    const row = this.#known.get(cameraId)?.find((one) => one.row.kind === kind)?.row;
    const told = {
      actor,
      address,
      action: 'camera.reference_dropped',
      subject: `camera:${cameraId}`,
      details: { kind },
    };
    if (row === undefined || !(await store.dropReference(cameraId, kind, (within) => audit(told, within)))) {
      throw new AppError('not_found', 'reference_unknown');
    }
    this.#known.set(
      cameraId,
      (this.#known.get(cameraId) ?? []).filter((one) => one.row.kind !== kind),
    );
    await files.remove(fileOf(row));
    onChange(cameraId);
  }

  /** A camera that was removed has no look any more. */
  async forget(cameraId: string): Promise<void> {
    const known = this.#known.get(cameraId) ?? [];
    this.#known.delete(cameraId);
    await this.#options.store.dropReferences(cameraId);
    for (const { row } of known) await this.#options.files.remove(fileOf(row));
  }

  #remember(row: CameraReferenceRow, signature: Signature): void {
    const others = (this.#known.get(row.camera_id) ?? []).filter((one) => one.row.kind !== row.kind);
    this.#known.set(row.camera_id, [...others, { row, signature }]);
  }
}

const fileOf = ({ camera_id, kind, media_time_ms }: CameraReferenceRow) => `${camera_id}-${kind}-${media_time_ms}`;

function storable({ picture, mean, deviation, sharpness }: Signature): z.infer<typeof stored> {
  const { width, height, grey } = picture;
  return { width, height, grey: Buffer.from(Uint8Array.from(grey)).toString('base64'), mean, deviation, sharpness };
}

function signatureFrom({ kind, signature }: CameraReferenceRow): Signature {
  const { width, height, grey, ...figures } = stored.parse(JSON.parse(signature));
  const bytes = Buffer.from(grey, 'base64');
  if (bytes.length !== width * height) throw new Error('a signature of another size');
  return { kind, picture: { width, height, grey: bytes }, ...figures };
}
