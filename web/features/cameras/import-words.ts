import { useTranslation } from 'react-i18next';
import type { ImportRow } from '../../../server/contracts/camera-onboarding.ts';
import { ApiError } from '../../api/client.ts';
import { useFailureWords } from './device-words.ts';

const FAULTS = ['missing', 'unknown', 'twice'] as const;

/** What is wrong with a row of a file of cameras, with the column where it is about one. */
export function useRowErrorWords(): (error: ImportRow['errors'][number]) => string {
  const { t, i18n } = useTranslation('cameras');
  const failure = useFailureWords();
  return ({ column, code }) => {
    const key = `cameras:importError.${code}`;
    const says = i18n.exists(key) ? t(key) : failure(code);
    // Alone it is a sentence of its own.
    if (column === null) return `${says.charAt(0).toLocaleUpperCase()}${says.slice(1)}`;
    return `${t(`importColumn.${column}`)} (${column}): ${says}`;
  };
}

/** Which columns a file lacks, has too many of or has twice; nothing where it was refused for something else. */
export function useColumnFaults(): (error: unknown) => string[] {
  const { t } = useTranslation('cameras');
  return (error) => {
    if (!(error instanceof ApiError) || error.code !== 'import_columns') return [];
    const names = Object.entries(error.fields);
    return FAULTS.flatMap((fault) => {
      const columns = names.filter(([, why]) => why === fault).map(([name]) => name);
      return columns.length === 0 ? [] : [t(`importColumns.${fault}`, { columns: columns.join(', ') })];
    });
  };
}
