import { type ChannelChoice, chosenKinds, type NoticeKind } from '../../contracts/notices.ts';
import type { Ability, Role } from '../../contracts/roles.ts';
import type { ReachOf } from '../supervisor.ts';

/** How a person stands to what a notice is about. */
export interface NoticeRelation {
  /** The person did it. */
  actor: boolean;
  flagger: boolean;
  /** Took the last conclusion of the case. */
  concluder: boolean;
  assignee: boolean;
  watcher: boolean;
  /** By name or by role. */
  mentioned: boolean;
  /** Heads the unit that the case or the camera belongs to. */
  ownUnit: boolean;
  /** Is the one to whom a passed term is told. */
  superior: boolean;
  /** Was drawn as the second reader. */
  reader: boolean;
  /** The case is assigned to nobody, so that it waits for everyone of the office. */
  unassigned: boolean;
}

export const noRelation: NoticeRelation = {
  actor: false,
  flagger: false,
  concluder: false,
  assignee: false,
  watcher: false,
  mentioned: false,
  ownUnit: false,
  superior: false,
  reader: false,
  unassigned: false,
};

export interface NoticeQuestion {
  kind: NoticeKind;
  role: Role;
  relation: NoticeRelation;
  /** State of the case, for terms. */
  state?: string;
}

/**
 * Whether a person gets a notice of that kind: the one place that says so. Nobody is told of the own act. Whether the person
 * sees the subject at all is asked besides, when the notice is made, sent and read.
 */
export function receives({ kind, role, relation, state = '' }: NoticeQuestion, reachOf: ReachOf): boolean {
  if (relation.actor) return false;
  const may = (ability: Ability) => reachOf(role, ability) === 'city';
  const office = may('play_back');
  const head = relation.ownUnit && reachOf(role, 'explain_incident') === 'own_unit';
  const related = office && (relation.flagger || relation.concluder || relation.assignee || relation.watcher);
  const mine = relation.assignee || relation.unassigned;
  const judges = may('conclude_incident') && !relation.flagger && !relation.concluder;
  switch (kind) {
    case 'case_flagged':
      return may('verify_incident');
    case 'case_sent':
      return head;
    case 'case_explained':
      return related;
    case 'case_awaiting_conclusion':
      return may('conclude_incident') && !relation.flagger && mine;
    case 'case_concluded':
    case 'case_closed':
      return head || related;
    case 'case_appealed':
      return judges || related;
    case 'case_assigned':
      return office && relation.assignee;
    case 'case_commented':
      return related && !relation.mentioned;
    case 'case_mentioned':
      return office && relation.mentioned;
    case 'case_due_soon':
      return actsIn(state, { may, head, mine, judges, relation }) || (state === 'concluded' && head);
    case 'case_overdue':
      return actsIn(state, { may, head, mine, judges, relation }) || (office && relation.superior);
    case 'second_reading_waiting':
      return may('conclude_incident') && relation.reader;
    case 'camera_down':
    case 'camera_up':
      return (
        may('manage_system') || may('watch_live') || (relation.ownUnit && reachOf(role, 'watch_live') === 'own_unit')
      );
    case 'archive_alarm':
    case 'calendar_alarm':
    case 'delivery_failed':
      return may('manage_system');
    case 'digest':
      return office;
    case 'summary':
      return true;
  }
}

/** Whose turn a state is. After a conclusion it is nobody's: the term of appeal may pass unused. */
function actsIn(
  state: string,
  who: { may: (a: Ability) => boolean; head: boolean; mine: boolean; judges: boolean; relation: NoticeRelation },
): boolean {
  switch (state) {
    case 'flagged':
    case 'verifying':
      return who.may('verify_incident') && who.mine;
    case 'explanation_requested':
      return who.head;
    case 'awaiting_conclusion':
      return who.may('conclude_incident') && !who.relation.flagger && who.mine;
    case 'appealed':
      return who.judges;
    default:
      return false;
  }
}

const termStates = ['flagged', 'explanation_requested', 'awaiting_conclusion', 'appealed', 'concluded'];

/** Whether the role gets notices of that kind in any case: what settings offer, and what may still be read after a change of role. */
export function mayEverReceive(kind: NoticeKind, role: Role, reachOf: ReachOf): boolean {
  const close = { ...noRelation, assignee: true, watcher: true, ownUnit: true, superior: true, reader: true };
  return [close, { ...close, mentioned: true }].some((relation) =>
    termStates.some((state) => receives({ kind, role, relation, state }, reachOf)),
  );
}

/** Whether anybody of that role sees cameras of a unit by name: what a notice of a camera asks again when it is read. */
export function seesCamera(person: { role: Role; unitId: string | null }, unitId: string, reachOf: ReachOf): boolean {
  const relation = { ...noRelation, ownUnit: person.unitId !== null && person.unitId === unitId };
  return receives({ kind: 'camera_down', role: person.role, relation }, reachOf);
}

/** Kinds that never go by mail: what tells that mail fails would fail as well. */
export const neverMailed: ReadonlySet<NoticeKind> = new Set(['delivery_failed']);

const mailedByDefault: Readonly<Record<Role, readonly NoticeKind[]>> = {
  leader: ['case_overdue', 'case_mentioned', 'digest'],
  home_affairs: ['case_assigned', 'case_mentioned', 'case_appealed', 'case_overdue'],
  inspector: ['case_assigned', 'case_mentioned', 'case_appealed', 'case_overdue'],
  unit_head: ['case_sent', 'case_concluded', 'case_due_soon', 'case_overdue'],
  admin: ['camera_down', 'archive_alarm', 'calendar_alarm'],
  auditor: [],
};

/** Cameras are told to those who mend them or sit before them, a digest to leaders; whoever else may have them may ask for it. */
const quietByDefault: Partial<Record<Role, readonly NoticeKind[]>> = {
  leader: ['camera_down', 'camera_up', 'case_flagged'],
  home_affairs: ['camera_down', 'camera_up', 'digest'],
  inspector: ['camera_down', 'camera_up', 'digest'],
};

/** What holds until the person chooses. */
export function defaultChoice(kind: NoticeKind, role: Role): ChannelChoice {
  return {
    console: !(quietByDefault[role] ?? []).includes(kind),
    mail: mailedByDefault[role].includes(kind),
  };
}

/** The kinds that a person of that role may choose for. */
export function kindsFor(role: Role, reachOf: ReachOf): NoticeKind[] {
  return chosenKinds.filter((kind) => mayEverReceive(kind, role, reachOf));
}

/** What a step of a case is told as, first to whom the first applies: nobody gets two notices of one step. */
export function kindsOfStep(step: string): readonly NoticeKind[] {
  switch (step) {
    case 'request_explanation':
      return ['case_sent'];
    case 'explain':
      return ['case_awaiting_conclusion', 'case_explained'];
    case 'proceed':
      return ['case_awaiting_conclusion'];
    case 'conclude':
      return ['case_concluded'];
    case 'appeal':
      return ['case_appealed'];
    case 'assign':
      return ['case_assigned'];
    case 'dismiss':
    case 'refer':
    case 'mark_duplicate':
    case 'judge_appeal':
    case 'close':
      return ['case_closed'];
    default:
      return [];
  }
}

const minuteMs = 60_000;

/** For so long after the first, further ones of the same kind and cause join it; its mail waits until then. 0: each is its own. */
export function foldWindowMs(kind: NoticeKind): number {
  switch (kind) {
    case 'digest':
      return 0;
    case 'camera_down':
    case 'camera_up':
      return 2 * minuteMs;
    case 'delivery_failed':
    case 'summary':
      return 60 * minuteMs;
    default:
      return minuteMs;
  }
}
