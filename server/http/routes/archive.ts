import type { Session } from '../../access/sessions.ts';
import { archiveState } from '../../contracts/archive.ts';
import { guard } from '../guard.ts';
import { presentArchive } from '../presenters/archive.ts';
import { type Caller, defineRoute, json, type Route } from '../route.ts';
import type { Services } from '../services.ts';

export function archiveRoutes({ recorder, directory, auditLog }: Services): Route[] {
  const state = async () => presentArchive(await recorder.health(), (id) => directory.get(id));
  const tell = ({ actor }: Session, { address }: Caller, action: string) =>
    auditLog.append({ actor, address, action, subject: 'archive' });
  return [
    defineRoute({
      method: 'get',
      path: '/api/archive',
      summary: 'Volumes, room, retention, alarms in force and the last self-check of the archive',
      guard: guard.ability('manage_system', 'read_audit'),
      answer: archiveState,
      handle: async () => json(await state()),
    }),
    defineRoute({
      method: 'post',
      path: '/api/archive/check',
      summary: 'Begin a self-check of the archive, unless one is under way; it goes on by itself',
      guard: guard.ability('manage_system'),
      answer: archiveState,
      status: 202,
      handle: async ({ session, caller }) => {
        // Told first: what is not told is not done.
        await tell(session, caller, 'archive.check_started');
        await recorder.startSelfCheck();
        return json(await state(), 202);
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/archive/check',
      summary: 'End the self-check that is under way',
      guard: guard.ability('manage_system'),
      answer: archiveState,
      handle: async ({ session, caller }) => {
        await tell(session, caller, 'archive.check_stopped');
        await recorder.stopSelfCheck();
        return json(await state());
      },
    }),
  ];
}
