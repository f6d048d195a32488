import { z } from 'zod';
import { id } from '../../contracts/common.ts';
import { createDiscoveryRequest, discovery } from '../../contracts/discoveries.ts';
import { guard } from '../guard.ts';
import { defineRoute, json, type Route } from '../route.ts';
import type { Services } from '../services.ts';

export function discoveryRoutes({ discoveries, auditLog }: Services): Route[] {
  const manage = guard.ability('manage_system');
  const params = z.object({ id });
  return [
    defineRoute({
      method: 'post',
      path: '/api/discoveries',
      summary: 'Look for cameras by WS-Discovery or at addresses; results come while it runs',
      guard: manage,
      body: createDiscoveryRequest,
      answer: discovery,
      status: 202,
      errors: ['discoveries_busy', 'addresses_missing'],
      handle: async ({ body, session, caller }) => {
        const started = discoveries.start(body);
        await auditLog.append({
          actor: session.actor,
          address: caller.address,
          action: 'discovery.started',
          subject: `discovery:${started.id}`,
          details: { method: body.method, addresses: body.addresses, username: body.username },
        });
        return json(started, 202);
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/discoveries/:id',
      summary: 'What a search has found so far',
      guard: manage,
      params,
      answer: discovery,
      errors: ['discovery_unknown'],
      handle: ({ params }) => json(discoveries.get(params.id)),
    }),
    defineRoute({
      method: 'delete',
      path: '/api/discoveries/:id',
      summary: 'Stop a search; what it has found stays',
      guard: manage,
      params,
      answer: discovery,
      errors: ['discovery_unknown'],
      handle: async ({ params }) => json(await discoveries.cancel(params.id)),
    }),
  ];
}
