import type { Attachment, Category, Incident, IncidentEntry } from '../../contracts/incidents.ts';
import type { Letterhead } from '../city.ts';
import type { Supervisor } from '../supervisor.ts';
import { type CaseFile, type CaseStill, facts, footageSection, pictureOf, said } from './case-footage.ts';
import {
  actorWords,
  changeWords,
  conclusionName,
  entryWords,
  outcomeWords,
  personWords,
  severityName,
  stateName,
} from './case-words.ts';
import type { Paper, PaperBlock, PaperSection, SignaturePlace } from './paper.ts';
import { printable, printableLine } from './printable.ts';
import {
  dateWords,
  minuteWords,
  momentWords,
  placeAndDate,
  sizeWords,
  stretchWords,
  timeWords,
} from './report-times.ts';

export interface CasePaperInput {
  /** As the reader may see it. */
  incident: Incident;
  reader: Pick<Supervisor, 'name' | 'role'>;
  /** Whether the reader sees the whole city; else the paper is an extract for the unit. */
  ofCity: boolean;
  category: Category | undefined;
  /** Desks that the camera covers. */
  desks: readonly string[];
  letterhead: Letterhead;
  simulated: boolean;
  stills: readonly CaseStill[];
  /** Null where they could not be asked for. */
  files: readonly CaseFile[] | null;
  printedAtMs: number;
}

/** More entries than anybody reads are counted instead of printed. */
const maxEntries = 300;

/** The steps whose words have a section of their own. */
const elsewhere: Readonly<Record<string, string>> = {
  request_explanation: 'Xem mục V.',
  explain: 'Xem mục V.',
  conclude: 'Xem mục VI.',
  appeal: 'Xem mục VII.',
  judge_appeal: 'Xem mục VII.',
};

/**
 * What the paper of a case says, in the order of an administrative paper. Everything comes from what the reader may see of the case; comments and a
 * conclusion in preparation are in no paper. Pure.
 */
export function casePaper(input: CasePaperInput): Paper {
  const { incident, reader, ofCity, letterhead, simulated, printedAtMs } = input;
  const { number, unitName } = incident;
  const unit = printableLine(unitName);
  const body = letterhead.issuingBody.map(printableLine);
  const by = printableLine(personWords(reader));
  return {
    issuedBy: ofCity ? { superior: [], body } : { superior: body, body: [unit.toLocaleUpperCase('vi')] },
    placeAndDate: placeAndDate(printableLine(letterhead.place), printedAtMs),
    title: ofCity ? 'HỒ SƠ VỤ VIỆC' : 'TRÍCH HỒ SƠ VỤ VIỆC',
    subject: [`Vụ việc số ${number}`, `Về việc: ${categoryWords(input)}, tại ${unit}`],
    warning: simulated ? 'DỮ LIỆU MÔ PHỎNG (SIMULATED): đơn vị, người và hình ảnh đều là giả định' : null,
    sections: numbered([
      general(input),
      matter(input),
      { heading: 'Hình ảnh', blocks: [{ kind: 'pictures', pictures: input.stills.map(pictureOf) }] },
      footageSection(incident, input.files),
      explanation(incident),
      decision(incident),
      ...appeal(incident),
      history(incident),
    ]),
    signatures: signatures(input),
    recipients: ofCity
      ? [...(incident.sentAtMs === null ? [] : [`- ${unit};`]), '- Lưu: VT, hồ sơ vụ việc.']
      : ['- Lưu: hồ sơ đơn vị.'],
    foot: `${number} · In lúc ${minuteWords(printedAtMs)} bởi ${by}${simulated ? ' · Dữ liệu mô phỏng' : ''}`,
    author: by,
    madeAtMs: printedAtMs,
  };
}

const numerals = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII'];

const numbered = (sections: readonly PaperSection[]): PaperSection[] =>
  sections.map(({ heading, blocks }, i) => ({ heading: `${numerals[i]}. ${heading.toLocaleUpperCase('vi')}`, blocks }));

function categoryWords({ category, incident }: Pick<CasePaperInput, 'category' | 'incident'>): string {
  return printableLine(category === undefined ? incident.category : `${category.vi} (${category.code})`);
}

function general(input: CasePaperInput): PaperSection {
  const { incident, ofCity, desks } = input;
  const { cameraName, state, conclusion, dueAtMs, flaggedBy, assignee } = incident;
  const place = desks.length === 0 ? cameraName : `${desks.join(', ')} (camera: ${cameraName})`;
  const rows: [string, string][] = [
    ['Đơn vị', incident.unitName],
    ['Vị trí', place],
    ['Hành vi', categoryWords(input)],
    ['Mức độ để xử lý', severityName(incident.severity)],
    ['Thời điểm', momentWords(incident.atMs)],
    ['Ghi nhận vào hệ thống', minuteWords(incident.createdAtMs)],
  ];
  if (ofCity && flaggedBy !== null) rows.push(['Người ghi nhận', personWords(flaggedBy)]);
  if (ofCity && assignee !== null) rows.push(['Người xử lý', personWords(assignee)]);
  const ended = conclusion === null || state === 'concluded' ? '' : `; kết luận: ${conclusionName(conclusion)}`;
  rows.push(['Trạng thái lúc in', `${stateName(state)}${ended}`]);
  if (dueAtMs !== null) rows.push(['Thời hạn của bước này', `đến ${minuteWords(dueAtMs)}`]);
  if (incident.closedAtMs !== null) rows.push(['Kết thúc', minuteWords(incident.closedAtMs)]);
  if (incident.duplicateOf !== null) rows.push(['Trùng với', incident.duplicateOf.number]);
  return { heading: 'Thông tin vụ việc', blocks: [facts(rows)] };
}

function matter({ incident, ofCity }: CasePaperInput): PaperSection {
  const { finding, note } = incident;
  const blocks = [said(finding, 'Chưa nêu nội dung sự việc cho đơn vị.')];
  if (ofCity && note.trim() !== '' && note !== finding) blocks.push(said(note, '', 'Nội dung ghi nhận ban đầu'));
  return { heading: 'Nội dung sự việc', blocks };
}

const entryOf = ({ history }: Incident, step: string): IncidentEntry | undefined =>
  history.findLast((entry) => entry.step === step);

/** Who said it and when, below what was said. */
const signed = (entry: IncidentEntry): string => {
  const who = actorWords(entry);
  return printableLine(`${who === '' ? '' : `${who}, `}${minuteWords(entry.atMs)}`);
};

function explanation(incident: Incident): PaperSection {
  const heading = 'Giải trình của đơn vị';
  const asked = entryOf(incident, 'request_explanation');
  if (incident.sentAtMs === null) {
    return { heading, blocks: [said(null, 'Chưa yêu cầu đơn vị giải trình.')] };
  }
  const blocks: PaperBlock[] = [
    said(incident.question, 'Không có câu hỏi.', `Câu hỏi cho đơn vị, gửi lúc ${minuteWords(incident.sentAtMs)}`),
  ];
  if (asked?.dueAtMs != null) blocks.push(facts([['Thời hạn giải trình', `đến ${minuteWords(asked.dueAtMs)}`]]));
  const answer = entryOf(incident, 'explain');
  const passed = entryOf(incident, 'proceed');
  if (answer !== undefined) {
    blocks.push(said(answer.reason, '', `Nội dung giải trình: ${signed(answer)}`), ...attached(answer));
  } else if (passed !== undefined) {
    blocks.push(said(passed.reason, '', `Đơn vị không giải trình; chuyển tiếp: ${signed(passed)}`));
  } else blocks.push(said(null, 'Đơn vị chưa giải trình.'));
  return { heading, blocks };
}

/** Files and footage that came with an answer or an appeal. */
function attached({ details: { attachments = [], stretches = [] } }: IncidentEntry): PaperBlock[] {
  const blocks: PaperBlock[] = [];
  if (attachments.length > 0) blocks.push(attachmentTable(attachments));
  if (stretches.length > 0) {
    blocks.push({
      kind: 'table',
      heading: 'Đoạn ghi hình đơn vị dẫn chiếu',
      columns: [
        { head: 'Camera', width: 150 },
        { head: 'Đoạn', width: '*' },
      ],
      rows: stretches.map((s) => [printableLine(s.cameraName), stretchWords(s.fromMs, s.toMs)]),
    });
  }
  return blocks;
}

function attachmentTable(attachments: readonly Attachment[]): PaperBlock {
  return {
    kind: 'table',
    heading: 'Tệp kèm theo',
    columns: [
      { head: 'Tên tệp', width: 116 },
      { head: 'Dung lượng', width: 62 },
      { head: 'SHA-256', width: '*', small: true },
    ],
    rows: attachments.map(({ name, sizeBytes, sha256 }) => [printableLine(name), sizeWords(sizeBytes), sha256]),
  };
}

function decision(incident: Incident): PaperSection {
  const heading = 'Kết luận';
  const entry = incident.history.findLast(({ step }) => ['conclude', 'dismiss', 'refer'].includes(step));
  if (entry === undefined) {
    const none = incident.state === 'duplicate' ? 'Không kết luận: trùng với vụ việc khác.' : 'Chưa có kết luận.';
    return { heading, blocks: [said(null, none)] };
  }
  const kind =
    entry.step === 'dismiss'
      ? 'Không vi phạm'
      : entry.conclusion === null
        ? 'Chuyển xử lý kỷ luật'
        : conclusionName(entry.conclusion);
  return {
    heading,
    blocks: [facts([['Hình thức', kind]]), said(entry.reason, 'Không nêu lý do.', `Lý do: ${signed(entry)}`)],
  };
}

function appeal(incident: Incident): PaperSection[] {
  const asked = entryOf(incident, 'appeal');
  if (asked === undefined) return [];
  const blocks: PaperBlock[] = [said(asked.reason, '', `Nội dung kiến nghị: ${signed(asked)}`), ...attached(asked)];
  const judged = entryOf(incident, 'judge_appeal');
  if (judged === undefined) blocks.push(said(null, 'Chưa xem xét kiến nghị.'));
  else {
    const { outcome } = judged.details;
    const rows: [string, string][] = [['Kết quả xem xét', outcome === undefined ? '' : outcomeWords[outcome]]];
    if (judged.conclusion !== null) rows.push(['Kết luận sau xem xét', conclusionName(judged.conclusion)]);
    blocks.push(facts(rows), said(judged.reason, 'Không nêu lý do.', `Lý do: ${signed(judged)}`));
  }
  return [{ heading: 'Kiến nghị xem xét lại', blocks }];
}

function history({ history: entries }: Incident): PaperSection {
  const shown = entries.length <= maxEntries ? entries : [...entries.slice(0, 20), ...entries.slice(20 - maxEntries)];
  const rows = shown.map((entry) => [
    `${timeWords(entry.atMs)} ${dateWords(entry.atMs)}`,
    printableLine(entryWords(entry)),
    printableLine(actorWords(entry)),
    printable(
      elsewhere[entry.step] ?? [...changeWords(entry), entry.reason].filter((line) => line.trim() !== '').join('\n'),
    ),
  ]);
  const left = entries.length - shown.length;
  if (left > 0) rows.splice(20, 0, ['', `${left} dòng không in`, '', 'Xem đủ trên hệ thống.']);
  return {
    heading: 'Quá trình xử lý',
    blocks: [
      {
        kind: 'table',
        columns: [
          { head: 'Thời gian', width: 62 },
          { head: 'Việc', width: 112 },
          { head: 'Người thực hiện', width: 100 },
          { head: 'Nội dung', width: '*' },
        ],
        rows,
      },
    ],
  };
}

function signatures({ ofCity, incident, letterhead }: CasePaperInput): SignaturePlace[][] {
  const name = '(Ký, ghi rõ họ tên)';
  if (!ofCity) return [[{ who: 'TRƯỞNG ĐƠN VỊ', how: name }]];
  const first = [{ who: 'NGƯỜI LẬP HỒ SƠ', how: name }];
  if (incident.sentAtMs !== null) first.push({ who: 'ĐẠI DIỆN ĐƠN VỊ', how: name });
  const body = letterhead.issuingBody.map(printableLine).join('\n');
  return [first, [{ who: `TM. ${body}`, how: '(Chức vụ, chữ ký, dấu, họ và tên)' }]];
}
