import { z } from 'zod';
import { id } from '../../contracts/common.ts';
import { attachment } from '../../contracts/incidents.ts';
import { AppError } from '../../platform/errors.ts';
import { guard } from '../guard.ts';
import { defineRoute, json, type Route } from '../route.ts';
import type { Services } from '../services.ts';

/** Most of a file may take so long to come. */
const withinMs = 10 * 60_000;

/** Files of the unit's answer or appeal. They go up as they are, and come down as downloads that no browser runs. */
export function incidentAttachmentRoutes({ attachments }: Pick<Services, 'attachments'>): Route[] {
  const ofCase = z.object({ id });
  const ofFile = z.object({ id, attachmentId: id });
  return [
    defineRoute({
      method: 'get',
      path: '/api/incidents/:id/attachments',
      summary: 'Files that the reader has sent and that no step has used yet',
      guard: guard.session,
      params: ofCase,
      answer: z.object({ items: z.array(attachment) }),
      errors: ['incident_unknown'],
      handle: async ({ params, session }) => json({ items: await attachments.unused(session.actor, params.id) }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/incidents/:id/attachments',
      summary:
        'Send a file for an answer or an appeal: the bytes as they are, its name percent-encoded in `x-file-name`',
      guard: guard.ability('explain_incident'),
      params: ofCase,
      rawBody: { withinMs },
      answer: attachment,
      status: 201,
      errors: [
        'incident_unknown',
        'not_permitted',
        'step_out_of_order',
        'term_over',
        'attachments_full',
        'attachment_too_large',
        'attachment_type',
        'attachment_empty',
        'attachments_no_space',
        'body_too_slow',
      ],
      handle: async ({ params, session, raw }) => {
        if (raw === undefined) throw new AppError('internal', 'internal');
        const length = Number(raw.headers['content-length']);
        const sending = {
          name: nameOf(raw.headers['x-file-name']),
          sizeBytes: Number.isSafeInteger(length) ? length : undefined,
          bytes: raw.bytes,
        };
        return json(await attachments.add(session.actor, params.id, sending), 201);
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/incidents/:id/attachments/:attachmentId',
      summary: 'Take back a file that no step has used',
      guard: guard.ability('explain_incident'),
      params: ofFile,
      status: 204,
      errors: ['incident_unknown', 'attachment_unknown'],
      handle: async ({ params, session }) => {
        await attachments.remove(session.actor, params.id, params.attachmentId);
        return { status: 204 };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/incidents/:id/attachments/:attachmentId',
      summary: 'A file of a case as a download, for whoever may see the case',
      guard: guard.session,
      params: ofFile,
      produces: 'application/octet-stream',
      errors: ['incident_unknown', 'attachment_unknown'],
      handle: async ({ params, session }) => {
        const { name, type, sizeBytes, bytes } = await attachments.open(session.actor, params.id, params.attachmentId);
        return { status: 200, download: { name, type, sizeBytes, bytes } };
      },
    }),
  ];
}

/** Errors: `request_invalid`, for a name that is not percent-encoded UTF-8. */
function nameOf(header: string | string[] | undefined): string {
  try {
    return decodeURIComponent(typeof header === 'string' ? header.slice(0, 3000) : '');
  } catch {
    throw new AppError('invalid', 'request_invalid', { fields: { 'x-file-name': 'percent-encoded UTF-8' } });
  }
}
