import type { ImportAnswer, ImportCamerasRequest, ImportColumn, ImportRow } from '../contracts/camera-onboarding.ts';
import { type CreateCameraRequest, createCameraRequest } from '../contracts/cameras.ts';
import { AppError } from '../platform/errors.ts';
import type { StoredCamera } from '../storage/camera.store.ts';
import { type CsvRow, readRows } from './import-rows.ts';
import { deviceServiceUrl, parseRtsp } from './onvif/addresses.ts';
import { Limiter } from './onvif/limiter.ts';
import type { Also, CameraRegistry } from './registry.ts';

export interface CameraImportOptions {
  registry: Pick<CameraRegistry, 'draft' | 'addAll' | 'conflict'>;
  /** By id or by name; null where there is none. */
  unitOf: (text: string) => string | null;
  profileOf: (text: string) => Promise<string | null>;
}

interface Worked {
  row: ImportRow;
  request: CreateCameraRequest | null;
  draft: StoredCamera | null;
}

const parallelProbes = 32;
/** Where an error of the registry belongs. */
const columnOf: Readonly<Record<string, ImportColumn>> = {
  ...{ unit_unknown: 'unit', desk_unknown: 'desks', profile_unknown: 'profile' },
  ...{ camera_bad_credentials: 'password', camera_credentials_needed: 'username' },
};

/**
 * Adds the cameras of a file: each row is looked at by itself, its device asked with its credentials, and every error named; with `apply`, and
 * without an error in any row, all are added in one transaction. Errors: those of `readRows`.
 */
export async function importCameras(
  options: CameraImportOptions,
  request: ImportCamerasRequest,
  also: Also,
  signal: AbortSignal,
): Promise<ImportAnswer> {
  const rows = readRows(request.csv);
  const worked: Worked[] = [];
  for (const row of rows) worked.push(await readRow(row, request, options));
  refuseTwice(worked);
  const limiter = new Limiter(parallelProbes);
  const sound = worked.filter(({ row }) => row.errors.length === 0);
  await Promise.all(sound.map((one) => limiter.run(() => ask(one, options, signal), signal)));
  const drafts = worked.flatMap(({ draft }) => draft ?? []);
  const applied = request.apply && drafts.length === worked.length;
  if (applied) {
    await options.registry.addAll(drafts, also);
    for (const { row, draft } of worked) row.cameraId = draft?.row.id ?? null;
  }
  return { applied, rows: worked.map(({ row }) => row) };
}

async function readRow(
  { line, cells }: CsvRow,
  defaults: ImportCamerasRequest,
  { unitOf, profileOf }: CameraImportOptions,
): Promise<Worked> {
  const row: ImportRow = {
    line,
    name: (cells.name ?? '').slice(0, 120),
    address: '',
    errors: [],
    device: null,
    cameraId: null,
  };
  const fail = (column: ImportColumn | null, code: string) => void row.errors.push({ column, code });
  const [onvif, rtsp] = [cells.onvif, cells.rtsp_main];
  const device = onvif === undefined ? null : deviceServiceUrl(onvif);
  row.address = device?.host ?? withoutLogin(rtsp);
  if (onvif === undefined && rtsp === undefined) fail(null, 'address_missing');
  if (onvif !== undefined && rtsp !== undefined) fail('rtsp_main', 'address_twice');
  if (onvif !== undefined && !device) fail('onvif', 'camera_address_invalid');
  for (const column of ['rtsp_main', 'rtsp_sub'] as const)
    if (cells[column] !== undefined && !parseRtsp(cells[column])) fail(column, 'camera_address_invalid');
  if (cells.name === undefined) fail('name', 'name_missing');
  const unitId = cells.unit === undefined ? null : unitOf(cells.unit);
  if (unitId === null) fail('unit', cells.unit === undefined ? 'unit_missing' : 'unit_unknown');
  const profileId = cells.profile === undefined ? null : await profileOf(cells.profile);
  if (cells.profile !== undefined && profileId === null) fail('profile', 'profile_unknown');
  if (row.errors.length > 0) return { row, request: null, draft: null };
  const own = cells.username !== undefined || cells.password !== undefined;
  const parsed = createCameraRequest.safeParse({
    ...{ name: cells.name, unitId, deskIds: (cells.desks ?? '').split(/[\s|]+/).filter(Boolean) },
    ...(profileId !== null && { profileId }),
    username: own ? (cells.username ?? '') : defaults.username,
    password: own ? (cells.password ?? '') : defaults.password,
    ...(device ? { onvif: device.href } : { rtsp: { main: rtsp, sub: cells.rtsp_sub } }),
  });
  if (parsed.success) return { row, request: parsed.data, draft: null };
  const at = parsed.error.issues[0]?.path.join('.') ?? '';
  const named: Readonly<Record<string, ImportColumn>> = {
    name: 'name',
    username: 'username',
    password: 'password',
    unitId: 'unit',
  };
  fail(named[at] ?? (at.startsWith('desk') ? 'desks' : null), 'value_invalid');
  return { row, request: null, draft: null };
}

async function ask(one: Worked, { registry }: CameraImportOptions, signal: AbortSignal): Promise<void> {
  if (!one.request) return;
  try {
    const draft = await registry.draft(one.request, signal);
    if (draft.row.onvif !== null) one.row.device = { manufacturer: draft.row.manufacturer, model: draft.row.model };
    if (await registry.conflict(draft)) throw new AppError('conflict', 'camera_exists');
    one.draft = draft;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const column = Object.keys(error.fields ?? {}).map(
      (name) => ({ 'rtsp.main': 'rtsp_main', 'rtsp.sub': 'rtsp_sub' })[name],
    )[0];
    one.row.errors.push({
      column: (column as ImportColumn | undefined) ?? columnOf[error.code] ?? null,
      code: error.code,
    });
  }
}

/** Both rows are named: nobody knows which of them is meant. */
function refuseTwice(worked: readonly Worked[]): void {
  const keyOf = ({ request }: Worked) =>
    request && ('onvif' in request ? request.onvif : withoutLogin(request.rtsp.main));
  const byAddress = Map.groupBy(
    worked.filter(({ request }) => request !== null),
    keyOf,
  );
  for (const same of byAddress.values()) {
    if (same.length < 2) continue;
    for (const { row } of same) row.errors.push({ column: null, code: 'address_in_two_rows' });
  }
}

function withoutLogin(text: string | undefined): string {
  const url = text === undefined ? null : parseRtsp(text);
  if (!url) return '';
  url.username = '';
  url.password = '';
  return url.href;
}
