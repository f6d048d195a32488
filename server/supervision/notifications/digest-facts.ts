import type { IncidentPage, IncidentQuery, IncidentState } from '../../contracts/incidents.ts';
import type { DigestFacts } from '../../contracts/notices.ts';
import { plainDateOf, startOfDayMs } from '../local-time.ts';
import type { Supervisor } from '../supervisor.ts';

export interface DigestSources {
  /** A page of cases, as the person sees them. */
  cases(person: Supervisor, query: IncidentQuery): Promise<IncidentPage>;
  /** The cameras that the person sees. */
  cameras(person: Supervisor): Promise<{ id: string; down: boolean }[]>;
  /** Per cent of what was to be recorded of these cameras in [fromMs, toMs); null where nothing was. */
  coverage(cameraIds: readonly string[], fromMs: number, toMs: number): Promise<number | null>;
}

const pageSize = 200;
/** 10,000 open cases: far more than any city has; the numbers are exact below. */
const mostPages = 50;

/** The numbers of a digest, counted in the very lists that the person may open. */
export async function digestFactsOf(person: Supervisor, nowMs: number, sources: DigestSources): Promise<DigestFacts> {
  const byState: Partial<Record<IncidentState, number>> = {};
  const bySeverity = { '1': 0, '2': 0, '3': 0 };
  let open = 0;
  let overdue = 0;
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const { items, next } = await sources.cases(person, {
      open: true,
      sort: 'due',
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { state, severity, dueAtMs } of items) {
      open += 1;
      byState[state] = (byState[state] ?? 0) + 1;
      bySeverity[severity] += 1;
      if (dueAtMs !== null && dueAtMs < nowMs) overdue += 1;
    }
    if (next === null) break;
    cursor = next;
  }
  const cameras = await sources.cameras(person);
  const today = plainDateOf(nowMs);
  const coveragePercent = await sources.coverage(
    cameras.map(({ id }) => id),
    startOfDayMs(today.subtract({ days: 1 })),
    startOfDayMs(today),
  );
  return {
    open,
    overdue,
    byState,
    bySeverity,
    cameras: cameras.length,
    camerasDown: cameras.filter(({ down }) => down).length,
    coveragePercent,
  };
}
