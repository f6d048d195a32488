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

/** What the server says of single fields, as codes that `words` puts into words. */
export function serverErrors(error: unknown, words: (code: string) => string): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  // What did not even fit the contract is told in the words of its parser.
  const code = (told: string) => (error.code === 'request_invalid' ? 'value_invalid' : told);
  return Object.fromEntries(Object.entries(error.fields).map(([field, told]) => [field, words(code(told))]));
}
