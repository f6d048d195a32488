import type { IncidentSummary, Superior } from '../../contracts/incidents.ts';
import type { NoticeKind } from '../../contracts/notices.ts';
import { kindsOfStep, type NoticeRelation, noRelation, receives } from './notice-policy.ts';
import type { NewNotice } from './notices.ts';
import type { CameraPlacement, CaseRelations, CommentFacts, NoticePerson, NoticeSources } from './sources.ts';

/** What has happened, as the services tell it. `actorId` is null where the system did it. */
export type Happening =
  | { what: 'flagged'; incidentId: string }
  | { what: 'step'; incidentId: string; step: string; actorId: string | null }
  | { what: 'commented'; incidentId: string; commentId: string }
  /** `newsId` is given back when people were told. */
  | {
      what: 'due';
      newsId?: string;
      incidentId: string;
      state: string;
      due: 'soon' | 'overdue';
      superior: Superior | null;
    }
  | { what: 'camera'; cameraId: string; trouble: string; tell: 'bad' | 'well' }
  | { what: 'alarm'; code: string }
  | { what: 'dead'; deliveryId: string };

/** What webhooks are told of a happening: a kind, and the subject that it is about. */
export interface Told {
  kind: NoticeKind;
  subject: { case: string } | { camera: CameraPlacement; trouble: string } | { alarm: string };
}

export interface Unfolded {
  notices: NewNotice[];
  told: Told[];
}

/** Who is to be told of what has happened. Asks the policy for each person, and the case whether the person sees it. */
export async function unfold(
  happening: Happening,
  people: readonly NoticePerson[],
  sources: NoticeSources,
): Promise<Unfolded> {
  const active = people.filter((person) => !person.disabled);
  switch (happening.what) {
    case 'flagged':
    case 'step':
    case 'commented':
    case 'due':
      return unfoldCase(happening, active, sources);
    case 'camera': {
      const camera = sources.camera(happening.cameraId);
      if (camera === undefined) return { notices: [], told: [] };
      const kind = happening.tell === 'bad' ? 'camera_down' : 'camera_up';
      const subject = { type: 'camera', id: camera.id, fact: happening.trouble } as const;
      return {
        notices: active
          .filter((person) => allowed(kind, person, { ownUnit: person.unitId === camera.unitId }, sources))
          .map((person) => ({ person, kind, foldKey: '', subject })),
        told: [{ kind, subject: { camera, trouble: happening.trouble } }],
      };
    }
    case 'alarm': {
      const subject = { type: 'alarm', id: happening.code } as const;
      // Of the calendar: the administrators' own work, and no business of other programs.
      const kind = happening.code === 'holidays_missing' ? 'calendar_alarm' : 'archive_alarm';
      return {
        notices: active
          .filter((person) => allowed(kind, person, {}, sources))
          .map((person) => ({ person, kind, foldKey: happening.code, subject })),
        told: kind === 'archive_alarm' ? [{ kind, subject: { alarm: happening.code } }] : [],
      };
    }
    case 'dead': {
      const subject = { type: 'delivery', id: happening.deliveryId } as const;
      return {
        notices: active
          .filter((person) => allowed('delivery_failed', person, {}, sources))
          .map((person) => ({ person, kind: 'delivery_failed' as const, foldKey: '', subject })),
        told: [],
      };
    }
  }
}

function allowed(
  kind: NoticeKind,
  person: NoticePerson,
  relation: Partial<NoticeRelation>,
  sources: NoticeSources,
): boolean {
  return receives({ kind, role: person.role, relation: { ...noRelation, ...relation } }, sources.reachOf);
}

type CaseHappening = Extract<Happening, { incidentId: string }>;

async function unfoldCase(
  happening: CaseHappening,
  people: readonly NoticePerson[],
  sources: NoticeSources,
): Promise<Unfolded> {
  const { incidentId } = happening;
  const [audience, relations, comment] = await Promise.all([
    sources.audience(incidentId),
    sources.relations(incidentId),
    happening.what === 'commented' ? sources.comment(happening.commentId) : undefined,
  ]);
  const kinds = kindsOf(happening);
  if (relations === undefined || kinds.length === 0) return { notices: [], told: [] };
  if (happening.what === 'commented' && comment === undefined) return { notices: [], told: [] };
  const actorId = actorOf(happening, relations, comment);
  const state = happening.what === 'due' ? happening.state : undefined;
  const notices: NewNotice[] = [];
  for (const person of people) {
    const seen: IncidentSummary | null = audience(person);
    if (seen === null) continue;
    const relation = relationTo(person, happening, relations, comment, actorId);
    const kind = kinds.find((each) =>
      receives({ kind: each, role: person.role, relation, state: state ?? seen.state }, sources.reachOf),
    );
    if (kind === undefined) continue;
    // A talk about one case is one notice; the same act on many cases is one notice too.
    const foldKey = happening.what === 'commented' ? incidentId : (actorId ?? '');
    notices.push({ person, kind, foldKey, subject: { type: 'case', id: incidentId } });
  }
  const told = happening.what === 'commented' ? [] : kinds.slice(0, 1);
  return { notices, told: told.map((kind) => ({ kind, subject: { case: incidentId } })) };
}

function kindsOf(happening: CaseHappening): readonly NoticeKind[] {
  switch (happening.what) {
    case 'flagged':
      return ['case_flagged'];
    case 'step':
      return kindsOfStep(happening.step);
    case 'commented':
      return ['case_mentioned', 'case_commented'];
    case 'due':
      return [happening.due === 'soon' ? 'case_due_soon' : 'case_overdue'];
  }
}

function actorOf(happening: CaseHappening, relations: CaseRelations, comment: CommentFacts | undefined): string | null {
  switch (happening.what) {
    case 'flagged':
      return relations.flaggerId;
    case 'step':
      return happening.actorId;
    case 'commented':
      return comment?.authorId ?? null;
    case 'due':
      return null;
  }
}

function relationTo(
  person: NoticePerson,
  happening: CaseHappening,
  relations: CaseRelations,
  comment: CommentFacts | undefined,
  actorId: string | null,
): NoticeRelation {
  const { userId } = person;
  return {
    actor: userId === actorId,
    flagger: userId === relations.flaggerId,
    concluder: userId === relations.concluderId,
    assignee: userId === relations.assigneeId,
    watcher: relations.watcherIds.includes(userId),
    mentioned: comment?.mentionedIds.includes(userId) ?? false,
    ownUnit: person.unitId !== null && person.unitId === relations.unitId,
    superior: happening.what === 'due' && isSuperior(person, happening.superior),
    reader: false,
    unassigned: relations.assigneeId === null,
  };
}

function isSuperior(person: NoticePerson, superior: Superior | null): boolean {
  if (superior === null) return false;
  return 'role' in superior ? person.role === superior.role : person.username === superior.username.toLowerCase();
}
