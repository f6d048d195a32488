import {
  type CreateIncidentRequest,
  createIncidentRequest,
  type Incident,
  type IncidentState,
  type IncidentStep,
  type StepRequests,
  stepRequests,
} from '../../server/contracts/incidents.ts';
import type { Account } from '../../server/supervision/people.ts';
import type { Supervisor } from '../../server/supervision/supervisor.ts';
import { type IncidentBench, person } from './supervision.ts';

const one = (userId: string, ...rest: Parameters<typeof person>): Supervisor => ({ ...person(...rest), userId });

/** Those who move a case of `cam-1` (Hồng Hà), and those who may not. */
export const cast = {
  leader: one('an', 'leader', 'Nguyễn Văn An'),
  office: one('binh', 'home_affairs', 'Trần Thị Bình'),
  inspector: one('minh', 'inspector', 'Phạm Minh'),
  head: one('ha', 'unit_head', 'Lê Hà', 'hong-ha'),
  otherHead: one('bai', 'unit_head', 'Vũ Bãi', 'bai-chay'),
  admin: one('quan-tri', 'admin', 'Quản trị'),
  auditor: one('kiem-toan', 'auditor', 'Kiểm toán'),
};

export function accountOf({ userId: id, name, role, unitId }: Supervisor): Account {
  return { id, username: role, name, role, unitId, disabled: false };
}

/** What a step says where a test does not care. */
const words: { [S in IncidentStep]: Record<string, unknown> } = {
  verify: {},
  request_explanation: { reason: 'Vì sao quầy trống?' },
  explain: { reason: 'Cán bộ đi họp, đã phân công người trực.' },
  proceed: { reason: 'Đơn vị không giải trình.' },
  conclude: { conclusion: 'reminder', reason: 'Nhắc nhở đơn vị.' },
  dismiss: { reason: 'Không vi phạm.' },
  refer: { reason: 'Chuyển hồ sơ.' },
  mark_duplicate: { reason: 'Cùng một việc.' },
  correct: { reason: 'Nhầm hành vi.' },
  appeal: { reason: 'Đơn vị có lịch phân công.' },
  judge_appeal: { outcome: 'upheld', reason: 'Giữ nguyên kết luận.' },
  close: {},
  assign: { assigneeId: null },
};

/** Takes a step on the version that the person sees now, as the contract would parse it. */
export async function take<S extends IncidentStep>(
  bench: IncidentBench,
  actor: Supervisor,
  id: string,
  step: S,
  more: Record<string, unknown> = {},
  address = '',
): Promise<Incident> {
  const { version } = await bench.incidents.get(actor, id);
  const body = stepRequests[step].parse({ version, ...words[step], ...more }) as StepRequests[S];
  return bench.incidents.step(actor, id, step, body, address);
}

export function flagOf(bench: IncidentBench, change: Partial<CreateIncidentRequest> = {}): CreateIncidentRequest {
  const { nowMs } = bench;
  const whole = { cameraId: 'cam-1', category: 'TN01', fromMs: nowMs - 60_000, toMs: nowMs, note: '', ...change };
  return createIncidentRequest.parse(whole);
}

/** The steps to each state, and who takes them: the office flags and verifies, the inspector concludes, the leader judges. */
const way: Partial<Record<IncidentState, [step: IncidentStep, who: keyof typeof cast] | null>> = {
  flagged: null,
  verifying: ['verify', 'office'],
  explanation_requested: ['request_explanation', 'office'],
  awaiting_conclusion: ['explain', 'head'],
  concluded: ['conclude', 'inspector'],
  appealed: ['appeal', 'head'],
  closed: ['judge_appeal', 'leader'],
};

/** A case that the office flagged and that has come to `state` by its steps. */
export async function caseIn(
  bench: IncidentBench,
  state: keyof typeof way,
  change: Partial<CreateIncidentRequest> = {},
  head: Supervisor = cast.head,
): Promise<Incident> {
  let made = await bench.incidents.create(cast.office, flagOf(bench, change));
  for (const [reached, next] of Object.entries(way)) {
    if (next !== null) made = await take(bench, next[1] === 'head' ? head : cast[next[1]], made.id, next[0]);
    if (reached === state) return bench.incidents.get(cast.leader, made.id);
  }
  throw new Error(`no way to ${state}`);
}
