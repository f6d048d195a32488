import type { TFunction } from 'i18next';
import { ApiError } from '../../api/client.ts';
import type { Placement } from './placement.ts';

export type PlacementErrors = Partial<Record<'name' | 'unitId' | 'deskIds', string>>;

/** What is missing before anything is sent. */
export function placementErrors(value: Placement, t: TFunction<'cameras'>): PlacementErrors {
  return {
    ...(value.unitId === '' && { unitId: t('invalid.unit') }),
    ...(value.name.trim() === '' && { name: t('invalid.name') }),
  };
}

/** What the server says of single fields. */
export function serverErrors(error: unknown): Record<string, string> {
  return error instanceof ApiError ? { ...error.fields } : {};
}
