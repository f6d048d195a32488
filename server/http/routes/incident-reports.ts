import { Readable } from 'node:stream';
import { z } from 'zod';
import { id } from '../../contracts/common.ts';
import { type ListFormat, listExportQuery } from '../../contracts/reports.ts';
import { guard } from '../guard.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** What of a case and which cases go into a paper or a list is decided by the services for each reader. */
export function incidentReportRoutes({ reports, viewLog }: Pick<Services, 'reports' | 'viewLog'>): Route[] {
  const list = (format: ListFormat, produces: string): Route =>
    defineRoute({
      method: 'get',
      path: `/api/incidents/list.${format}`,
      summary: 'The cases that the list shows under these filters, as a file of at most 20,000 rows',
      guard: guard.session,
      query: listExportQuery,
      produces,
      errors: ['not_permitted', 'list_too_long', 'reports_busy', 'report_failed'],
      handle: async ({ query, session, caller }) => ({
        status: 200,
        download: await reports.lists.file(session.actor, format, query, caller),
      }),
    });
  return [
    list('xlsx', xlsx),
    list('csv', 'text/csv'),
    defineRoute({
      method: 'get',
      path: '/api/incidents/:id/report.pdf',
      summary: 'The case as an administrative paper, for whoever may see it, with what they may see of it',
      guard: guard.session,
      params: z.object({ id }),
      produces: 'application/pdf',
      errors: ['incident_unknown', 'reports_busy', 'report_failed'],
      handle: async ({ params, session, caller }) => {
        const { actor } = session;
        const { name, bytes } = await reports.prints.pdf(actor, params.id, {
          ...caller,
          seen: (cameraId, { stream, atMs }) =>
            viewLog.seen({ actor, cameraId, stream, kind: 'recorded', mediaFromMs: atMs, mediaToMs: atMs + 1 }),
        });
        const sent = Readable.from([bytes], { objectMode: false });
        return { status: 200, download: { name, type: 'application/pdf', sizeBytes: bytes.length, bytes: sent } };
      },
    }),
  ];
}
