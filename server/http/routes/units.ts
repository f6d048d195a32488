import { z } from 'zod';
import { includesUnit, unitsVisible } from '../../access/scope.ts';
import { id, rangeQuery } from '../../contracts/common.ts';
import { categoryList } from '../../contracts/incidents.ts';
import { unitList, workingHours } from '../../contracts/units.ts';
import { workingStretches } from '../../supervision/calendar.ts';
import { guard, notPermitted } from '../guard.ts';
import { defineRoute, json, type Route } from '../route.ts';
import type { Services } from '../services.ts';

export function unitRoutes({ city, clock }: Services): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/units',
      summary: 'Units that the signed-in person may know of, in the order of the configuration',
      guard: guard.session,
      answer: unitList,
      handle: ({ session }) => {
        const visible = unitsVisible(session.actor);
        return json({ items: city.units.list().filter((unit) => includesUnit(visible, unit.id)) });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/units/:id/working-hours',
      summary: 'Working stretches of a unit',
      guard: guard.session,
      params: z.object({ id }),
      query: rangeQuery,
      answer: workingHours,
      errors: ['unit_unknown', 'not_permitted'],
      handle: ({ params, query, session }) => {
        const unit = city.units.get(params.id);
        if (!includesUnit(unitsVisible(session.actor), unit.id)) throw notPermitted();
        const hours = workingStretches(city.calendar, unit.id, query.from, query.to);
        return json({ unitId: unit.id, hours, now: clock.nowMs() });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/categories',
      summary: 'Categories of incidents',
      guard: guard.session,
      answer: categoryList,
      handle: () => json({ items: city.categories }),
    }),
  ];
}
