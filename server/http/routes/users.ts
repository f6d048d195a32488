import { z } from 'zod';
import { id } from '../../contracts/common.ts';
import { createUserRequest, patchUserRequest, user, userList } from '../../contracts/users.ts';
import { AppError } from '../../platform/errors.ts';
import { guard } from '../guard.ts';
import { defineRoute, json, type Route } from '../route.ts';
import type { Services } from '../services.ts';

export function userRoutes({ accounts, city }: Services): Route[] {
  const manage = guard.ability('manage_system');
  return [
    defineRoute({
      method: 'get',
      path: '/api/users',
      summary: 'All accounts',
      guard: manage,
      answer: userList,
      handle: async () => json({ items: await accounts.list() }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/users',
      summary: 'Create an account',
      guard: manage,
      body: createUserRequest,
      answer: user,
      status: 201,
      errors: ['username_taken', 'unit_unknown'],
      handle: async ({ body, session, caller }) => {
        if (body.unitId !== null && city.units.find(body.unitId) === undefined) {
          throw new AppError('invalid', 'unit_unknown', { fields: { unitId: 'unit_unknown' } });
        }
        return json(await accounts.create(body, { actor: session.actor, address: caller.address }), 201);
      },
    }),
    defineRoute({
      method: 'patch',
      path: '/api/users/:id',
      summary:
        'Change the name, disable or enable, or set a new password; the last two end the sessions of the account',
      guard: manage,
      params: z.object({ id }),
      body: patchUserRequest,
      answer: user,
      errors: ['user_unknown', 'last_admin'],
      handle: async ({ params, body, session, caller }) =>
        json(await accounts.patch(params.id, body, { actor: session.actor, address: caller.address })),
    }),
  ];
}
