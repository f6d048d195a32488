import { z } from 'zod';
import { incidentQuery } from './incidents.ts';

/** Form of a list of cases as a file. */
export const listFormat = z.enum(['xlsx', 'csv']);
export type ListFormat = z.infer<typeof listFormat>;

/** The filters and the order of the list, and the language of heads and words. */
export const listExportQuery = incidentQuery
  .omit({ cursor: true, limit: true })
  .extend({ lang: z.enum(['vi', 'en']).default('vi') });
export type ListExportQuery = z.infer<typeof listExportQuery>;

/** A list of more cases is refused: it wants a narrower filter. */
export const maxListRows = 20_000;

/** Addresses of papers and lists, in one place for server and console. */
export const reportPaths = {
  incident: (incidentId: string) => `/api/incidents/${incidentId}/report.pdf`,
  incidentList: (format: ListFormat) => `/api/incidents/list.${format}`,
} as const;
