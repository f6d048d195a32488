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

const DRAFTS = 'lienthong.flag.draft.';
const RECENT = 'lienthong.flag.recent';
const KEPT_MS = 12 * 3_600_000;
/** How far back a moment of playback may lie that is flagged. */
const OLDEST_MS = 31 * 86_400_000;

const stored = z.object({ draft: flagDraft, atMs: epochMs });

function read<S extends z.ZodType>(key: string, schema: S): z.infer<S> | null {
  try {
    const parsed = schema.safeParse(JSON.parse(localStorage.getItem(key) ?? 'null'));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** False where storage is full or refused. */
function write(key: string, value: unknown): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** Each draft has a place of its own under its writer's account: neither another person nor another window writes over it. */
function keyOf({ by, cameraId, atMs }: Pick<FlagDraft, 'by' | 'cameraId' | 'atMs'>): string {
  return `${DRAFTS}${by}.${cameraId}.${atMs}`;
}

/** The person's drafts left by a reload, a lost line or a lost session, the last written first; what is half a day old goes. */
export function storedDrafts(by: string, nowMs: number): FlagDraft[] {
  try {
    const keys = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i) ?? '');
    const found = keys
      .filter((key) => key.startsWith(DRAFTS))
      .flatMap((key) => {
        const entry = read(key, stored);
        if (entry && nowMs - entry.atMs < KEPT_MS && nowMs - entry.draft.atMs < OLDEST_MS) return [entry];
        localStorage.removeItem(key);
        return [];
      });
    return found
      .filter(({ draft }) => draft.by === by)
      .sort((a, b) => b.atMs - a.atMs)
      .map(({ draft }) => draft);
  } catch {
    return [];
  }
}

/** Keeps a draft; without its picture where there is too little room. Where nothing can be kept it lives as long as the page. */
export function storeDraft(draft: FlagDraft, nowMs: number): void {
  const key = keyOf(draft);
  if (!write(key, { draft, atMs: nowMs })) write(key, { draft: { ...draft, still: null }, atMs: nowMs });
}

/** A draft as it was written last: it may be shown anew, as when a phone is turned. */
export function latestDraft(draft: FlagDraft): FlagDraft {
  return read(keyOf(draft), stored)?.draft ?? draft;
}

export function dropDraft(draft: Pick<FlagDraft, 'by' | 'cameraId' | 'atMs'>): void {
  try {
    localStorage.removeItem(keyOf(draft));
  } catch {
    // Nothing was stored then.
  }
}

/**
 * Takes a draft for this window, so that a second window does not open it, too; waits while another window (or this one before its reload)
 * has it. Settles with the function that lets go, or with null once the signal ends the waiting.
 */
export function takeDraft(draft: FlagDraft, signal: AbortSignal): Promise<(() => void) | null> {
  return new Promise((resolve) => {
    navigator.locks
      .request(keyOf(draft), { signal }, () => new Promise<void>((release) => resolve(release)))
      // Without locks each window is on its own.
      .catch(() => resolve(signal.aborted ? null : () => {}));
  });
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
