import { abilitiesOf } from '../../access/roles-policy.ts';
import type { Session } from '../../access/sessions.ts';
import type { Me } from '../../contracts/session.ts';
import type { City } from '../../supervision/city.ts';

export function presentMe(session: Session, city: City): Me {
  const { userId, username, name, role, unitId } = session.actor;
  return {
    id: userId,
    username,
    name,
    role,
    unitId,
    abilities: abilitiesOf(role),
    csrfToken: session.csrfToken,
    simulated: city.simulated,
    cityName: city.name,
  };
}
