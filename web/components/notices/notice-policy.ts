import type { Notice, NoticeKind } from '../../../server/contracts/notices.ts';

/** Which words a title has: those about one thing, or about several. */
export function titleKey({ kind, count }: Pick<Notice, 'kind' | 'count'>): `${'one' | 'many'}.${NoticeKind}` {
  return `${count > 1 ? 'many' : 'one'}.${kind}`;
}

export interface NoticePlaces {
  incident: (id: string) => string;
  incidents: (query: Record<string, string>) => string;
  cameras: (query: { camera?: string }) => string;
  wall: (query: { camera?: string; unit?: string }) => string;
  secondReadings: string;
  overview: string;
  archive: string;
  calendar: string;
  deliveries: string;
  notices: string;
}

/** Where a notice leads; several cases lead to their list, since no one of them is meant. `manages`: the reader keeps the cameras. */
export function linkOf(notice: Notice, manages: boolean, to: NoticePlaces): string {
  const [firstCase] = notice.cases;
  const [firstCamera] = notice.cameras;
  if (notice.kind === 'digest') return to.overview;
  if (notice.kind === 'summary') return to.notices;
  if (notice.kind === 'second_reading_waiting') return to.secondReadings;
  if (firstCase !== undefined) return notice.count === 1 ? to.incident(firstCase.id) : listOf(notice.kind, to);
  if (firstCamera !== undefined) {
    if (manages) return to.cameras(notice.count === 1 ? { camera: firstCamera.id } : {});
    return to.wall(notice.count === 1 ? { camera: firstCamera.id } : { unit: firstCamera.unitId });
  }
  if (notice.kind === 'calendar_alarm') return to.calendar;
  if (notice.alarm !== null) return to.archive;
  return notice.kind === 'delivery_failed' ? to.deliveries : to.incidents({});
}

function listOf(kind: NoticeKind, to: NoticePlaces): string {
  switch (kind) {
    case 'case_flagged':
      return to.incidents({ state: 'flagged' });
    case 'case_sent':
      return to.incidents({ state: 'explanation_requested' });
    case 'case_awaiting_conclusion':
      return to.incidents({ state: 'awaiting_conclusion' });
    case 'case_appealed':
      return to.incidents({ state: 'appealed' });
    case 'case_due_soon':
    case 'case_overdue':
      return to.incidents({ sort: 'due' });
    default:
      return to.incidents({});
  }
}

/** What the bell shows: nothing, the number, or `99+`. */
export function bellText(unread: number): string {
  return unread <= 0 ? '' : unread > 99 ? '99+' : String(unread);
}
