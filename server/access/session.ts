import type { LiveSessionRow } from '../storage/session.store.ts';
import type { Actor } from './actor.ts';
import { sameSecret } from './tokens.ts';

export interface Session {
  id: string;
  actor: Actor;
  /** Sent back with every request that changes something. */
  csrfToken: string;
  createdAtMs: number;
  /** The end that no activity moves; a session that nobody uses ends earlier. */
  expiresAtMs: number;
}

/** Whether a request carries its session's CSRF token. */
export function csrfMatches(session: Session, header: string | undefined): boolean {
  return header !== undefined && sameSecret(header, session.csrfToken);
}

export function toSession(row: LiveSessionRow): Session {
  const actor: Actor = {
    userId: row.user_id,
    username: row.username,
    name: row.name,
    role: row.role,
    unitId: row.unit_id,
    sessionId: row.id,
  };
  return {
    id: row.id,
    actor,
    csrfToken: row.csrf_token,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
  };
}
