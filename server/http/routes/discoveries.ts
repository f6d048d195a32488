import { z } from 'zod';
import type { Actor } from '../../access/actor.ts';
import { id } from '../../contracts/common.ts';
import { createDiscoveryRequest, discovery } from '../../contracts/discoveries.ts';
import { guard } from '../guard.ts';
import { type Caller, defineRoute, json, type Route } from '../route.ts';
import type { Services } from '../services.ts';

export function discoveryRoutes({ discoveries, auditLog }: Services): Route[] {
  const manage = guard.ability('manage_system');
  const params = z.object({ id });
  const audit = (actor: Actor, caller: Caller, action: string, discoveryId: string, details = {}) =>
    auditLog.append({ actor, address: caller.address, action, subject: `discovery:${discoveryId}`, details });
  return [
    defineRoute({
      method: 'post',
      path: '/api/discoveries',
      summary: 'Look for cameras by WS-Discovery, at addresses or in a range; results come while it runs',
      guard: manage,
      body: createDiscoveryRequest,
      answer: discovery,
      status: 202,
      errors: ['discoveries_busy', 'addresses_missing', 'network_range_invalid'],
      handle: async ({ body, session, caller }) => {
        const started = discoveries.start(body);
        const details = {
          method: body.method,
          addresses: body.addresses,
          range: body.range ?? null,
          username: body.username,
        };
        try {
          await audit(session.actor, caller, 'discovery.started', started.id, details);
        } catch (error) {
          await discoveries.cancel(started.id);
          throw error;
        }
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
      handle: async ({ params, session, caller }) => {
        discoveries.get(params.id);
        await audit(session.actor, caller, 'discovery.cancelled', params.id);
        return json(await discoveries.cancel(params.id));
      },
    }),
  ];
}
