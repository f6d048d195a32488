import type { IncidentSummary } from '../../contracts/incidents.ts';
import { digestFacts, type Notice, type NoticeCamera, type NoticeCase } from '../../contracts/notices.ts';
import type { NoticeRow, NoticeStore, NoticeSubjectRow } from '../../storage/notice.store.ts';
import type { Supervisor } from '../supervisor.ts';
import { mayEverReceive, seesCamera } from './notice-policy.ts';
import { type Audience, type NoticeSources, oncePerCase } from './sources.ts';

const namedSubjects = 3;

/**
 * Makes the words of notices for one reader, from what the reader may see now: a subject that the reader has lost is gone from old
 * notices too, and a notice without any is gone itself.
 */
export class NoticeReader {
  readonly #store: NoticeStore;
  readonly #sources: NoticeSources;

  constructor(store: NoticeStore, sources: NoticeSources) {
    this.#store = store;
    this.#sources = sources;
  }

  async present(
    person: Supervisor,
    rows: readonly NoticeRow[],
    audience: Audience = oncePerCase(this.#sources.audience),
  ): Promise<Notice[]> {
    const mine = rows.filter((row) => mayEverReceive(row.kind, person.role, this.#sources.reachOf));
    const subjects = await this.#store.subjectsOf(mine.map((row) => row.id));
    const byNotice = Map.groupBy(subjects, (subject) => subject.notice_id);
    const cases = await casesFor(person, subjects, audience);
    const notices: Notice[] = [];
    for (const row of mine) {
      const notice = this.#one(person, row, byNotice.get(row.id) ?? [], cases);
      if (notice !== null) notices.push(notice);
    }
    return notices;
  }

  #one(
    person: Supervisor,
    row: NoticeRow,
    subjects: readonly NoticeSubjectRow[],
    known: ReadonlyMap<string, NoticeCase>,
  ): Notice | null {
    const { reachOf } = this.#sources;
    const cases: NoticeCase[] = [];
    const cameras: NoticeCamera[] = [];
    let alarm: Notice['alarm'] = null;
    let count = 0;
    for (const { type, subject_id: id, fact } of subjects) {
      if (type === 'case') {
        const found = known.get(id);
        if (found === undefined) continue;
        cases.push(found);
      } else if (type === 'camera') {
        const camera = this.#sources.camera(id);
        if (camera === undefined || !seesCamera(person, camera.unitId, reachOf)) continue;
        cameras.push({ ...camera, trouble: fact });
      } else if (type === 'alarm') {
        if (!mayEverReceive('archive_alarm', person.role, reachOf)) continue;
        alarm ??= { code: id };
      } else if (type === 'delivery') {
        if (!mayEverReceive('delivery_failed', person.role, reachOf)) continue;
      } else if (!mayEverReceive('second_reading_waiting', person.role, reachOf)) continue;
      count += 1;
    }
    const digest = row.details === null ? null : digestFacts.safeParse(JSON.parse(row.details).digest);
    if (count === 0 && digest?.success !== true) return null;
    return {
      id: row.id,
      kind: row.kind,
      atMs: row.at_ms,
      readAtMs: row.read_at_ms,
      count: Math.max(count, 1),
      cases: cases.slice(0, namedSubjects),
      cameras: cameras.slice(0, namedSubjects),
      alarm,
      digest: digest?.success === true ? digest.data : null,
    };
  }

  /** How many of these notices the person still sees; looks no further than the first subject that the person sees. */
  async countVisible(
    person: Supervisor,
    rows: readonly NoticeRow[],
    audience: Audience = oncePerCase(this.#sources.audience),
  ): Promise<number> {
    const mine = rows.filter((row) => mayEverReceive(row.kind, person.role, this.#sources.reachOf));
    const byNotice = Map.groupBy(
      await this.#store.subjectsOf(mine.map((row) => row.id)),
      (subject) => subject.notice_id,
    );
    let visible = 0;
    for (const row of mine) {
      const subjects = byNotice.get(row.id) ?? [];
      if (
        this.#one(
          person,
          row,
          subjects.filter(({ type }) => type !== 'case'),
          new Map(),
        ) !== null
      )
        visible += 1;
      else if (await seesAny(person, subjects, audience)) visible += 1;
    }
    return visible;
  }
}

async function seesAny(
  person: Supervisor,
  subjects: readonly NoticeSubjectRow[],
  audience: Audience,
): Promise<boolean> {
  for (const { type, subject_id: id } of subjects) {
    if (type === 'case' && (await audience(id))(person) !== null) return true;
  }
  return false;
}

/** The cases among the subjects that the person sees now. */
async function casesFor(
  person: Supervisor,
  subjects: readonly NoticeSubjectRow[],
  audience: Audience,
): Promise<Map<string, NoticeCase>> {
  const ids = new Set(subjects.filter(({ type }) => type === 'case').map((subject) => subject.subject_id));
  const found = new Map<string, NoticeCase>();
  for (const id of ids) {
    const seen = (await audience(id))(person);
    if (seen !== null) found.set(id, caseFacts(seen));
  }
  return found;
}

/** Of a case as its reader sees it, what notices tell; nothing that anybody wrote, and nobody's name. */
function caseFacts(seen: IncidentSummary): NoticeCase {
  const { id, number, state, category, severity, unitName, cameraName, conclusion, dueAtMs } = seen;
  return { id, number, state, category, severity, unitName, cameraName, conclusion, dueAtMs };
}
