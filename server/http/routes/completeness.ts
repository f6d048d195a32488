import { permits } from '../../access/roles-policy.ts';
import { includesUnit, mayPlayBack, unitsVisible } from '../../access/scope.ts';
import {
  addCompleteness,
  type Completeness,
  completenessQuery,
  completenessReport,
  nothingScheduled,
} from '../../contracts/completeness.ts';
import { AppError } from '../../platform/errors.ts';
import { guard, notPermitted } from '../guard.ts';
import { defineRoute, json, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const dayMs = 86_400_000;
const longestMs = 92 * dayMs;

export function completenessRoutes({ city, directory, recorder }: Services): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/completeness',
      summary: 'How much of what was to be recorded is, and why the rest is not; at most 92 days',
      guard: guard.ability('play_back', 'manage_system'),
      query: completenessQuery,
      answer: completenessReport,
      errors: ['camera_unknown', 'unit_unknown', 'not_permitted', 'period_too_long'],
      handle: async ({ query, session, caller }) => {
        const { from, to, unit, camera, by } = query;
        if (to - from > longestMs) throw new AppError('invalid', 'period_too_long');
        if (unit !== undefined) city.units.get(unit);
        if (camera !== undefined && directory.get(camera) === undefined) {
          throw new AppError('not_found', 'camera_unknown');
        }
        const may = (unitId: string) =>
          permits(session.actor, 'manage_system')
            ? includesUnit(unitsVisible(session.actor), unitId)
            : mayPlayBack(session.actor, unitId);
        const asked = directory
          .list()
          .filter(
            (each) => (unit === undefined || each.unitId === unit) && (camera === undefined || each.id === camera),
          );
        const cameras = asked.filter((each) => may(each.unitId));
        // Whoever may see none of what was asked for is refused; an empty answer would say that all is well.
        if (cameras.length === 0 && (asked.length > 0 || !may(unit ?? ''))) throw notPermitted();
        const streams = [];
        const days = by === 'day' ? daysOf(from, to) : [];
        for (const { id: cameraId, unitId, streams: names } of cameras) {
          for (const { name: stream } of names) {
            caller.signal.throwIfAborted();
            if (days.length === 0) {
              streams.push({ cameraId, unitId, stream, ...(await account(cameraId, stream, from, to)) });
              continue;
            }
            const own: Completeness[] = [];
            for (const day of days) {
              const part = await account(cameraId, stream, day.from, day.to);
              own.push(part);
              day.parts.push(part);
            }
            streams.push({ cameraId, unitId, stream, ...sum(own) });
          }
        }
        const perCamera = Map.groupBy(streams, (each) => each.cameraId);
        const perUnit = Map.groupBy(streams, (each) => each.unitId);
        return json({
          from,
          to,
          streams,
          cameras: cameras.map(({ id, unitId }) => ({ cameraId: id, unitId, ...sum(perCamera.get(id) ?? []) })),
          units: [...perUnit].map(([unitId, of]) => ({ unitId, ...sum(of) })),
          total: sum(streams),
          ...(by === 'day' && { days: days.map(({ parts, ...day }) => ({ ...day, ...sum(parts) })) }),
        });
      },
    }),
  ];

  /** A camera that was added a moment ago is not with the recorder yet. */
  async function account(cameraId: string, stream: 'main' | 'sub', from: number, to: number): Promise<Completeness> {
    try {
      return await recorder.completeness(cameraId, stream, from, to);
    } catch (error) {
      if (error instanceof AppError && error.code === 'camera_unknown') return nothingScheduled;
      throw error;
    }
  }
}

function sum(parts: readonly Completeness[]): Completeness {
  return parts.reduce(addCompleteness, nothingScheduled);
}

function daysOf(from: number, to: number): { from: number; to: number; parts: Completeness[] }[] {
  const days = [];
  for (let at = from; at < to; at += dayMs) days.push({ from: at, to: Math.min(at + dayMs, to), parts: [] });
  return days;
}
