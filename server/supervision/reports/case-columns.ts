import type { Category, Due, IncidentSummary } from '../../contracts/incidents.ts';
import { conclusionWords, severityWords, stateWords } from '../notifications/mail-words.ts';
import { roleWords } from './case-words.ts';
import { localOf } from './report-times.ts';
import type { TableCell } from './sheet.ts';

export type Language = 'vi' | 'en';
type Words = Record<Language, string>;

export interface CaseColumn {
  head: Words;
  /** In characters. */
  width: number;
  /** For whoever sees the whole city: the unit has no such column, since it has nothing to show in it. */
  cityOnly?: boolean;
  cell: (incident: IncidentSummary, context: CellContext) => TableCell;
}

export interface CellContext {
  language: Language;
  categories: ReadonlyMap<string, Category>;
}

const dueWords: Record<Due, Words> = {
  ok: { vi: 'Còn hạn', en: 'In time' },
  soon: { vi: 'Sắp hết hạn', en: 'Due soon' },
  overdue: { vi: 'Quá hạn', en: 'Overdue' },
};
const officeWords: Readonly<Record<string, string>> = {
  leader: 'City leaders',
  home_affairs: 'Home Affairs office',
  inspector: 'Inspectorate',
  unit_head: 'Head of unit',
  admin: 'Administrator',
  auditor: 'Auditor',
};

/** Local wall time, to the second. */
function moment(atMs: number | null): TableCell {
  if (atMs === null) return null;
  const text = localOf(atMs).toPlainDateTime().toString({ smallestUnit: 'second', roundingMode: 'floor' });
  return { wall: text.replace('T', ' ') };
}

const office = (role: string, language: Language): string =>
  (language === 'vi' ? roleWords : officeWords)[role] ?? role;

/** The columns of the list of cases, in their order. What a cell says, the reader sees in the list too. */
export const caseColumns: readonly CaseColumn[] = [
  { head: { vi: 'Số', en: 'Number' }, width: 14, cell: ({ number }) => number },
  { head: { vi: 'Mã hành vi', en: 'Category code' }, width: 11, cell: ({ category }) => category },
  {
    head: { vi: 'Hành vi', en: 'Category' },
    width: 34,
    cell: ({ category }, { categories, language }) => categories.get(category)?.[language] ?? category,
  },
  { head: { vi: 'Mức độ', en: 'Severity' }, width: 9, cell: ({ severity }) => severity },
  {
    head: { vi: 'Diễn giải mức độ', en: 'Severity in words' },
    width: 14,
    cell: ({ severity }, { language }) => severityWords[severity][language],
  },
  { head: { vi: 'Đơn vị', en: 'Unit' }, width: 28, cell: ({ unitName }) => unitName },
  { head: { vi: 'Camera', en: 'Camera' }, width: 24, cell: ({ cameraName }) => cameraName },
  { head: { vi: 'Thời điểm', en: 'Moment' }, width: 19, cell: ({ atMs }) => moment(atMs) },
  { head: { vi: 'Đoạn từ', en: 'Stretch from' }, width: 19, cell: ({ fromMs }) => moment(fromMs) },
  { head: { vi: 'Đoạn đến', en: 'Stretch to' }, width: 19, cell: ({ toMs }) => moment(toMs) },
  {
    head: { vi: 'Trạng thái', en: 'State' },
    width: 24,
    cell: ({ state }, { language }) => stateWords[state]?.[language] ?? state,
  },
  { head: { vi: 'Thời hạn', en: 'Deadline' }, width: 19, cell: ({ dueAtMs }) => moment(dueAtMs) },
  {
    head: { vi: 'Ngày làm việc còn lại', en: 'Working days left' },
    width: 12,
    cell: ({ workingDaysLeft }) => workingDaysLeft,
  },
  {
    head: { vi: 'Tình trạng hạn', en: 'Term' },
    width: 14,
    cell: ({ due }, { language }) => (due === null ? null : dueWords[due][language]),
  },
  {
    head: { vi: 'Báo cấp trên lúc', en: 'Superior told at' },
    width: 19,
    cityOnly: true,
    cell: ({ escalatedAtMs }) => moment(escalatedAtMs),
  },
  {
    head: { vi: 'Kết luận', en: 'Conclusion' },
    width: 22,
    cell: ({ conclusion }, { language }) => (conclusion === null ? null : conclusionWords[conclusion][language]),
  },
  { head: { vi: 'Nội dung sự việc', en: 'Finding' }, width: 48, cell: ({ finding }) => finding },
  { head: { vi: 'Câu hỏi cho đơn vị', en: 'Question to the unit' }, width: 48, cell: ({ question }) => question },
  {
    head: { vi: 'Nội dung ghi nhận', en: 'Note of the flag' },
    width: 48,
    cityOnly: true,
    cell: ({ note }) => (note === '' ? null : note),
  },
  {
    head: { vi: 'Người ghi nhận', en: 'Flagged by' },
    width: 24,
    cityOnly: true,
    cell: ({ flaggedBy }) => flaggedBy?.name ?? null,
  },
  {
    head: { vi: 'Bên ghi nhận', en: 'Office of the flag' },
    width: 22,
    cityOnly: true,
    cell: ({ flaggedBy }, { language }) => (flaggedBy === null ? null : office(flaggedBy.role, language)),
  },
  {
    head: { vi: 'Người xử lý', en: 'Assigned to' },
    width: 24,
    cityOnly: true,
    cell: ({ assignee }) => assignee?.name ?? null,
  },
  {
    head: { vi: 'Ghi nhận lúc', en: 'Flagged at' },
    width: 19,
    cityOnly: true,
    cell: ({ createdAtMs }) => moment(createdAtMs),
  },
  { head: { vi: 'Gửi đơn vị lúc', en: 'Sent to the unit at' }, width: 19, cell: ({ sentAtMs }) => moment(sentAtMs) },
  { head: { vi: 'Kết thúc lúc', en: 'Ended at' }, width: 19, cell: ({ closedAtMs }) => moment(closedAtMs) },
  {
    head: { vi: 'Trùng với', en: 'Duplicate of' },
    width: 14,
    cityOnly: true,
    cell: ({ duplicateOf }) => duplicateOf?.number ?? null,
  },
];

export const sheetNames: Words = { vi: 'Vụ việc', en: 'Incidents' };
/** Of the file, before the date. */
export const fileNames: Words = { vi: 'vu-viec', en: 'incidents' };
