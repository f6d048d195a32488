import { type ListFormat, reportPaths } from '../../server/contracts/reports.ts';
import type { Query } from './client.ts';
import { type DownloadedFile, download } from './download.ts';
import type { IncidentFilter } from './incidents.ts';

/** The paper of a case (PDF), as the reader may see it. Errors: as `download`. */
export function downloadCasePaper(id: string, number: string, signal: AbortSignal): Promise<DownloadedFile> {
  return download(reportPaths.incident(encodeURIComponent(id)), { name: `${number}.pdf`, signal });
}

/** All cases that the filter finds, as a file. Errors: as `download`. */
export function downloadCaseList(
  format: ListFormat,
  filter: IncidentFilter,
  lang: 'vi' | 'en',
  signal: AbortSignal,
): Promise<DownloadedFile> {
  const { limit: _, ...rest } = filter;
  return download(reportPaths.incidentList(format), {
    query: { ...(rest as Query), lang },
    name: `vu-viec.${format}`,
    signal,
  });
}
