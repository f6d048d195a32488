import type { ColleagueRef, Superior } from '../contracts/incidents.ts';
import type { Ability, Role } from '../contracts/roles.ts';
import type { ReachOf } from './supervisor.ts';

/** Somebody with an account, as far as supervision needs to know them. */
export interface Account {
  id: string;
  username: string;
  name: string;
  role: Role;
  /** The unit of a unit head; null for everybody else. */
  unitId: string | null;
  disabled: boolean;
}

export interface PeopleOptions {
  /** Everybody with an account. */
  accounts: () => Promise<readonly Account[]>;
  reachOf: ReachOf;
}

/** Who is there to do something; disabled accounts are nobody. */
export class PeopleDirectory {
  readonly #options: PeopleOptions;

  constructor(options: PeopleOptions) {
    this.#options = options;
  }

  async all(): Promise<Account[]> {
    return (await this.#options.accounts()).filter((account) => !account.disabled);
  }

  async find(id: string): Promise<Account | undefined> {
    return (await this.all()).find((account) => account.id === id);
  }

  /** Those who may do it in the whole city; with `unitId`, also those who may do it for that unit alone. */
  async whoMay(ability: Ability, unitId?: string): Promise<Account[]> {
    return (await this.all()).filter((account) => {
      const reach = this.#options.reachOf(account.role, ability);
      return reach === 'city' || (reach === 'own_unit' && unitId !== undefined && account.unitId === unitId);
    });
  }

  /** Everybody of the role, or the one of that name. */
  async named(superior: Superior): Promise<Account[]> {
    return (await this.all()).filter((account) =>
      'role' in superior ? account.role === superior.role : account.username === superior.username.toLowerCase(),
    );
  }
}

export function toColleague({ id, name, role }: Account): ColleagueRef {
  return { id, name, role };
}
