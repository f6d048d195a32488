import { me, setupRequest, setupState, signInRequest } from '../../contracts/session.ts';
import { guard } from '../guard.ts';
import { presentMe } from '../presenters/me.ts';
import { type Answer, type Caller, defineRoute, json, nothing, type Route } from '../route.ts';
import type { Services } from '../services.ts';

export function sessionRoutes({ sessions, setup, city, clock }: Services): Route[] {
  const signIn = async (credentials: { username: string; password: string }, caller: Caller): Promise<Answer> => {
    const { token, session } = await sessions.signIn(credentials, {
      address: caller.address,
      userAgent: caller.userAgent,
    });
    const maxAgeMs = session.expiresAtMs - clock.nowMs();
    return { ...json(presentMe(session, city)), setSession: { token, maxAgeMs } };
  };
  return [
    defineRoute({
      method: 'post',
      path: '/api/session',
      summary: 'Sign in; sets the session cookie and answers with who that is',
      guard: guard.public,
      body: signInRequest,
      answer: me,
      errors: ['sign_in_failed', 'too_many_attempts', 'sign_in_busy'],
      handle: ({ body, caller }) => signIn(body, caller),
    }),
    defineRoute({
      method: 'delete',
      path: '/api/session',
      summary: 'Sign out',
      guard: guard.session,
      status: 204,
      handle: async ({ session, caller }) => {
        await sessions.signOut(session.id, { actor: session.actor, address: caller.address });
        return { ...nothing, setSession: null };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/me',
      summary: 'Who is signed in, what they may do, and the token for changing requests',
      guard: guard.session,
      answer: me,
      handle: ({ session }) => json(presentMe(session, city)),
    }),
    defineRoute({
      method: 'get',
      path: '/api/setup',
      summary: 'Whether the first administrator is still to be made',
      guard: guard.public,
      answer: setupState,
      handle: async () => json({ needed: await setup.needed() }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/setup',
      summary: 'Make the first administrator with the single-use link, and sign in',
      guard: guard.public,
      body: setupRequest,
      answer: me,
      errors: ['setup_token_invalid'],
      handle: async ({ body, caller }) => {
        await setup.complete(body, caller.address);
        return signIn({ username: body.username, password: body.password }, caller);
      },
    }),
  ];
}
