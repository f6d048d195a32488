import { z } from 'zod';
import { auditPage, auditQuery, auditVerification } from '../../contracts/audit.ts';
import { recorderHealth } from '../../contracts/health.ts';
import { guard } from '../guard.ts';
import { defineRoute, json, type Route } from '../route.ts';
import type { Services } from '../services.ts';

export function systemRoutes({ auditLog, recorder }: Services): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/audit',
      summary: 'The audit log, newest first',
      guard: guard.ability('read_audit'),
      query: auditQuery,
      answer: auditPage,
      errors: ['cursor_invalid'],
      handle: async ({ query }) => json(await auditLog.list(query)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/audit/verify',
      summary: 'Recompute the hash chain of the audit log',
      guard: guard.ability('verify_audit'),
      answer: auditVerification,
      handle: async () => json(await auditLog.verify()),
    }),
    defineRoute({
      method: 'get',
      path: '/api/health',
      summary: 'What the recorder says of itself',
      guard: guard.ability('manage_system'),
      answer: recorderHealth,
      handle: async () => json(await recorder.health()),
    }),
    defineRoute({
      method: 'get',
      path: '/healthz',
      summary: 'Alive; asked without a session',
      guard: guard.public,
      answer: z.object({ status: z.literal('ok') }),
      handle: () => json({ status: 'ok' }),
    }),
  ];
}
