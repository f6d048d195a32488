import { Accounts } from '../../server/access/accounts.ts';
import { AuditLog } from '../../server/access/audit-log.ts';
import { Sessions, type SessionsOptions } from '../../server/access/sessions.ts';
import { Setup } from '../../server/access/setup.ts';
import type { Role } from '../../server/contracts/roles.ts';
import type { User } from '../../server/contracts/users.ts';
import { silentLogger } from '../../server/platform/log.ts';
import { type TemporaryDatabase, temporaryDatabase } from './database.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';

export interface Access {
  database: TemporaryDatabase;
  clock: ManualClock;
  audit: AuditLog;
  sessions: Sessions;
  accounts: Accounts;
  setup: Setup;
  /** An account whose password is `password of <username>`. */
  person(username: string, role?: Role, unitId?: string | null): Promise<User>;
}

/** The services of people and sessions on a database of their own. */
export async function temporaryAccess(options: Partial<SessionsOptions> = {}): Promise<Access> {
  const database = await temporaryDatabase();
  const clock = manualClock();
  const audit = new AuditLog({ database, clock });
  const sessions = new Sessions({ database, audit, clock, log: silentLogger, ...options });
  const accounts = new Accounts({ database, sessions, audit, clock });
  return {
    database,
    clock,
    audit,
    sessions,
    accounts,
    setup: new Setup({ database, audit, clock }),
    person: (username, role = 'inspector', unitId = null) =>
      accounts.create(
        { username, name: `Người ${username}`, role, unitId, password: `password of ${username}` },
        { actor: 'system', address: '' },
      ),
  };
}
