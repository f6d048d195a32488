import type { Category } from '../../contracts/incidents.ts';
import type { IncidentRow } from '../../storage/incident.store.ts';
import { fold } from '../fold.ts';

/** What a new case is found by: number, category, place, note, and whoever flagged it. */
export function searchTextOf(
  number: string,
  category: Category,
  row: Pick<IncidentRow, 'unit_name' | 'camera_name' | 'note' | 'flagged_by_name'>,
): string {
  const { unit_name, camera_name, note, flagged_by_name } = row;
  return fold([...placeWords(number, category), unit_name, camera_name, note, flagged_by_name].join(' '));
}

/** What the unit finds the case by from the moment that it is given it: nothing that it may not see. */
export function unitSearchTextOf(
  row: Pick<IncidentRow, 'number' | 'unit_name' | 'camera_name'>,
  category: Category,
): string {
  return fold([...placeWords(row.number, category), row.unit_name, row.camera_name].join(' '));
}

function placeWords(number: string, { code, vi, en }: Category): string[] {
  return [number, code, vi, en];
}

/** The text with what was said besides; what it says already is not repeated. */
export function withWords(text: string, words: readonly (string | null | undefined)[]): string {
  let all = text;
  for (const word of words) {
    const folded = fold(word ?? '');
    if (folded !== '' && !all.includes(folded)) all = all === '' ? folded : `${all} ${folded}`;
  }
  return all;
}
