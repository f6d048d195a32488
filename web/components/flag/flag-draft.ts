import { z } from 'zod';
import { epochMs, severity } from '../../../server/contracts/common.ts';

/** A flag that is being written. It lives in the browser's storage until it is saved or put away, so typing survives anything. */
export const flagDraft = z.object({
  /** Who writes it: a draft is shown to nobody else who signs in on the same machine. */
  by: z.string(),
  cameraId: z.string(),
  cameraName: z.string(),
  unitName: z.string(),
  atMs: epochMs,
  fromMs: epochMs,
  toMs: epochMs,
  /** The stretch as it was opened, from which the small timeline takes its scale. */
  opened: z.object({ fromMs: epochMs, toMs: epochMs }),
  /** The picture of the moment as a small JPEG data address; null when there was none. */
  still: z.string().startsWith('data:image/jpeg').max(200_000).nullable(),
  typed: z.string().max(200),
  /** Null while it follows the category. */
  severity: severity.nullable(),
  note: z.string().max(4_000),
});
export type FlagDraft = z.infer<typeof flagDraft>;

const DRAFT = 'lienthong.flag.draft';
const RECENT = 'lienthong.flag.recent';
const KEPT_MS = 12 * 3_600_000;

function read<S extends z.ZodType>(key: string, schema: S): z.infer<S> | null {
  try {
    const parsed = schema.safeParse(JSON.parse(localStorage.getItem(key) ?? 'null'));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage that is full or refused: the draft then lives as long as the page.
  }
}

/** The person's draft left by a reload or a lost session, unless it is half a day old. */
export function storedDraft(by: string, nowMs: number): FlagDraft | null {
  const draft = read(DRAFT, flagDraft);
  return draft && draft.by === by && nowMs - draft.atMs < 31 * 86_400_000 && nowMs - storedAt() < KEPT_MS
    ? draft
    : null;
}

function storedAt(): number {
  return read(`${DRAFT}.at`, z.number()) ?? 0;
}

export function storeDraft(draft: FlagDraft, nowMs: number): void {
  write(DRAFT, draft);
  write(`${DRAFT}.at`, nowMs);
}

export function dropDraft(): void {
  try {
    localStorage.removeItem(DRAFT);
    localStorage.removeItem(`${DRAFT}.at`);
  } catch {
    // Nothing was stored then.
  }
}

/** Codes used last on this machine, latest first. */
export function recentCodes(): string[] {
  return read(RECENT, z.array(z.string().max(8)).max(10)) ?? [];
}

export function storeRecentCodes(codes: readonly string[]): void {
  write(RECENT, codes);
}

/** A picture as a JPEG data address, at most 320 px wide. */
export function smallJpeg(picture: HTMLCanvasElement | null): string | null {
  if (!picture || picture.width === 0) return null;
  const width = Math.min(320, picture.width);
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = Math.round((picture.height * width) / picture.width);
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/jpeg', 0.8);
}
