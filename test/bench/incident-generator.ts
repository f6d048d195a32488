import type { Conclusion, IncidentState } from '../../server/contracts/incidents.ts';
import type { Role } from '../../server/contracts/roles.ts';
import type { IncidentCommentRow } from '../../server/storage/comment.store.ts';
import type { Database } from '../../server/storage/database.ts';
import { type IncidentEntryRow, type IncidentRow, noDueMs } from '../../server/storage/incident.store.ts';
import type { IncidentWatcherTable } from '../../server/storage/watcher.store.ts';
import type { City } from '../../server/supervision/city.ts';
import { fold } from '../../server/supervision/fold.ts';
import type { Supervisor } from '../../server/supervision/supervisor.ts';

const dayMs = 86_400_000;
const batch = 200;

/** The way of a case that was appealed; others stop on it or leave it. */
const way: readonly [step: string, to: IncidentState, by: 'office' | 'head' | 'leader'][] = [
  ['verify', 'verifying', 'office'],
  ['correct', 'verifying', 'office'],
  ['request_explanation', 'explanation_requested', 'office'],
  ['assign', 'explanation_requested', 'office'],
  ['explain', 'awaiting_conclusion', 'head'],
  ['escalate', 'awaiting_conclusion', 'office'],
  ['assign', 'awaiting_conclusion', 'office'],
  ['conclude', 'concluded', 'leader'],
  ['appeal', 'appealed', 'head'],
  ['judge_appeal', 'closed', 'office'],
];
const toSent = 3;
const toConcluded = 8;
/** How many of a hundred recent cases have come so far; the rest are closed, as the old ones are. */
const stands: readonly [percent: number, steps: number][] = [
  [10, 0],
  [12, 2],
  [12, 4],
  [12, 7],
  [30, toConcluded],
  [6, 9],
];

const conclusions: readonly Conclusion[] = ['reminder', 'criticism', 'rectify', 'referred'];
const notes = [
  'Quầy không có người trực, ba người dân đứng chờ',
  'Cán bộ dùng điện thoại riêng trong giờ làm việc',
  'Không đeo thẻ khi tiếp công dân',
  'Đi muộn sau giờ mở quầy, chưa báo cáo',
  'Hồ sơ để lộn xộn trên bàn tiếp nhận',
  'Người dân phản ánh thái độ khi hướng dẫn thủ tục',
  'Camera bị che một phần trong buổi sáng',
];
const answers = [
  'Đơn vị đã kiểm tra, cán bộ đi họp đột xuất theo giấy mời',
  'Đã nhắc nhở trong giao ban, cam kết không tái diễn',
  'Cán bộ nghỉ ốm có đơn, đơn vị bố trí người thay chậm',
  'Xin ghi nhận và rút kinh nghiệm toàn đơn vị',
];
const remarks = [
  'Xem lại đoạn trước đó mười phút',
  'Đã gọi điện cho đơn vị, chờ văn bản',
  'Trùng khung giờ với lần trước, lưu ý tái phạm',
  'Đề nghị Phòng Nội vụ xác minh lịch trực',
];

export interface CityCases {
  people: { leader: Supervisor; office: Supervisor; inspector: Supervisor; heads: Supervisor[] };
  cameras: { id: string; name: string; unitId: string }[];
  entries: number;
  comments: number;
}

/** A city's cases of so many days up to `nowMs`, with their history, comments and watchers; the same ones for the same numbers. */
export async function generateCases(
  database: Database,
  city: Pick<City, 'units' | 'categories'>,
  count: number,
  nowMs: number,
  random: () => number,
  days = 730,
): Promise<CityCases> {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const person = (userId: string, role: Role, name: string, unitId: string | null = null): Supervisor => ({
    userId,
    role,
    name,
    unitId,
  });
  const units = city.units.list();
  const cameras = units.flatMap((unit) =>
    [1, 2, 3, 4].map((n) => ({ id: `${unit.id}-${n}`, name: `Quầy số ${n}`, unitId: unit.id })),
  );
  const offices = ['Trần Thị Bình', 'Đỗ Quang Huy', 'Lý Thu Hằng', 'Ngô Văn Đức', 'Vũ Hồng Hải'].map((name, i) =>
    person(`office-${i}`, i % 2 === 0 ? 'home_affairs' : 'inspector', name),
  );
  const leader = person('leader', 'leader', 'Nguyễn Văn An');
  const heads = new Map(
    units.map(({ id }, i) => [id, person(`head-${id}`, 'unit_head', `Trưởng đơn vị ${i + 1}`, id)]),
  );
  const firstMs = nowMs - days * dayMs;
  let entries = 0;
  let comments = 0;

  for (let start = 0; start < count; start += batch) {
    const rows: IncidentRow[] = [];
    const history: IncidentEntryRow[] = [];
    const said: IncidentCommentRow[] = [];
    const watchers: IncidentWatcherTable[] = [];
    for (let n = start; n < Math.min(start + batch, count); n++) {
      const id = `case-${String(n).padStart(6, '0')}`;
      const createdMs = Math.floor(firstMs + ((nowMs - firstMs) * (n + random())) / count);
      const flagger = pick(offices);
      const camera = pick(cameras);
      const category = pick(city.categories);
      const unitName = units.find((unit) => unit.id === camera.unitId)?.name ?? camera.unitId;
      const head = heads.get(camera.unitId) ?? leader;
      const note = `${pick(notes)}, lúc ${n % 12} giờ ${n % 60}`;
      const steps = stepsOf(random() * 100, nowMs - createdMs < 60 * dayMs);
      const ended = random() < 0.1 && steps > toSent && steps < toConcluded;
      const number = `VV-${new Date(createdMs).getUTCFullYear()}-${String(n + 1).padStart(4, '0')}`;
      const assignee = random() < 0.7 ? pick(offices) : null;
      let state: IncidentState = 'flagged';
      let atMs = createdMs;
      const entry = (step: string, to: IncidentState, actor: Supervisor, reason: string): void => {
        history.push({
          incident_id: id,
          seq: history.length === 0 || history.at(-1)?.incident_id !== id ? 1 : (history.at(-1)?.seq ?? 0) + 1,
          at_ms: atMs,
          step,
          actor_id: actor.userId,
          actor_name: actor.name,
          actor_role: actor.role,
          from_state: step === 'flag' ? null : state,
          to_state: to,
          conclusion: null,
          reason,
          address: '10.0.0.7',
          due_at_ms: atMs + Math.floor(random() * 5 * dayMs),
          details: '{}',
        });
        state = to;
      };
      entry('flag', 'flagged', flagger, note);
      for (const [step, to, by] of way.slice(0, steps)) {
        atMs = Math.min(nowMs, atMs + Math.floor(random() * 2 * dayMs));
        const actor = by === 'head' ? head : by === 'leader' ? leader : pick(offices);
        entry(step, to, actor, by === 'head' ? pick(answers) : step === 'assign' ? '' : pick(remarks));
      }
      if (ended) entry('dismiss', 'no_violation', pick(offices), 'Không đủ căn cứ');
      const isOpen = !ended && steps < way.length && steps !== toConcluded;
      const isSent = steps >= toSent;
      const dueMs = isOpen ? atMs + Math.floor((random() * 6 - 1) * dayMs) : noDueMs;
      const conclusion = steps >= toConcluded ? pick(conclusions) : null;
      const sentText = [number, category.code, category.vi, category.en, unitName, camera.name, isSent ? note : ''];
      const cityText = [...sentText, note, flagger.name, assignee?.name ?? '', isSent ? pick(answers) : ''];
      rows.push({
        id,
        number,
        version: history.at(-1)?.seq ?? 1,
        state,
        category: category.code,
        severity: category.severity,
        camera_id: camera.id,
        camera_name: camera.name,
        unit_id: camera.unitId,
        unit_name: unitName,
        at_ms: createdMs - 60_000,
        from_ms: createdMs - 120_000,
        to_ms: createdMs,
        note,
        flagged_by_id: flagger.userId,
        flagged_by_name: flagger.name,
        flagged_by_role: flagger.role,
        created_at_ms: createdMs,
        updated_at_ms: atMs,
        due_at_ms: dueMs,
        sent_at_ms: isSent ? createdMs + dayMs : null,
        conclusion,
        search_text: fold(cityText.join(' ')),
        unit_search_text: isSent ? fold(sentText.join(' ')) : '',
        finding: isSent ? note : null,
        question: isSent ? 'Đề nghị đơn vị giải trình' : null,
        assignee_id: assignee?.userId ?? null,
        assignee_name: assignee?.name ?? null,
        assignee_role: assignee?.role ?? null,
        concluded_by_id: conclusion === null ? null : leader.userId,
        duplicate_of_id: null,
        duplicate_of_number: null,
        soon_at_ms: dueMs === noDueMs ? noDueMs : dueMs - 2 * dayMs,
        due_told: 2,
        term_version: 0,
        escalated_at_ms: null,
        closed_at_ms: isOpen ? null : atMs,
        released_at_ms: null,
        footage_told: 1,
        held: 1,
        still: 'kept',
      } as IncidentRow);
      for (let seq = 1; seq <= Math.floor(random() * 4); seq++) {
        const text = pick(remarks);
        const author = pick(offices);
        said.push({
          id: `${id}-${seq}`,
          incident_id: id,
          seq,
          at_ms: createdMs + seq * 3_600_000,
          author_id: author.userId,
          author_name: author.name,
          author_role: author.role,
          address: '10.0.0.7',
          text,
          corrects_id: null,
          mentions: '[]',
          search_text: fold(text),
        });
      }
      watchers.push({ incident_id: id, account_id: flagger.userId, watching: 1, since_ms: createdMs });
    }
    await database.kysely.transaction().execute(async (trx) => {
      await trx.insertInto('incidents').values(rows).execute();
      for (let i = 0; i < history.length; i += 1_000) {
        await trx
          .insertInto('incident_entries')
          .values(history.slice(i, i + 1_000))
          .execute();
      }
      await trx.insertInto('incident_comments').values(said).execute();
      await trx.insertInto('incident_watchers').values(watchers).execute();
    });
    entries += history.length;
    comments += said.length;
  }
  await database.kysely
    .insertInto('incident_numbers')
    .values({ year: new Date(nowMs).getUTCFullYear(), last: count })
    .execute();
  const [office, inspector] = offices as [Supervisor, Supervisor];
  return { people: { leader, office, inspector, heads: [...heads.values()] }, cameras, entries, comments };
}

/** How many steps a case has taken; only cases of late are still under way. */
function stepsOf(percent: number, isLate: boolean): number {
  if (!isLate) return percent < 20 ? toConcluded : way.length;
  let sum = 0;
  for (const [share, steps] of stands) {
    sum += share;
    if (percent < sum) return steps;
  }
  return way.length;
}
