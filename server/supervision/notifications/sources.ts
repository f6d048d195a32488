import type { IncidentSummary } from '../../contracts/incidents.ts';
import type { DigestFacts } from '../../contracts/notices.ts';
import type { ReachOf, Supervisor } from '../supervisor.ts';

export interface NoticePerson extends Supervisor {
  username: string;
  disabled: boolean;
  createdAtMs: number;
}

/** People around a case; who of them sees it is `audience`'s to say. */
export interface CaseRelations {
  unitId: string;
  flaggerId: string;
  concluderId: string | null;
  assigneeId: string | null;
  watcherIds: readonly string[];
}

export interface CommentFacts {
  authorId: string;
  /** By name or by role. */
  mentionedIds: readonly string[];
}

export interface CameraPlacement {
  id: string;
  name: string;
  unitId: string;
  unitName: string;
}

/** What notices are made of: the other services, as far as they are asked. */
export interface NoticeSources {
  /** Everybody with an account. */
  people(): Promise<NoticePerson[]>;
  /** What tells a case to each person, null to whoever may not see it now. */
  audience(caseId: string): Promise<(person: Supervisor) => IncidentSummary | null>;
  relations(caseId: string): Promise<CaseRelations | undefined>;
  comment(commentId: string): Promise<CommentFacts | undefined>;
  camera(id: string): CameraPlacement | undefined;
  /** Second readings that the person may take up, by id; none that says which case it is. */
  readingsWaiting(person: Supervisor): Promise<string[]>;
  /** The numbers of a digest, of what the person sees. */
  digest(person: Supervisor, nowMs: number): Promise<DigestFacts>;
  reachOf: ReachOf;
}

/** What tells a case to each person; see `NoticeSources.audience`. */
export type Audience = NoticeSources['audience'];

/** Asks for each case once, for what is told of it to many people at one moment. */
export function oncePerCase(audience: Audience): Audience {
  const known = new Map<string, ReturnType<Audience>>();
  return (caseId) => {
    const asked = known.get(caseId) ?? audience(caseId);
    known.set(caseId, asked);
    return asked;
  };
}
