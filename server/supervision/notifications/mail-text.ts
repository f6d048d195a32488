import type { Notice, NoticeCamera, NoticeCase, NoticeLanguage } from '../../contracts/notices.ts';
import { timeZone } from '../local-time.ts';
import { conclusionWords, lines, manyTitles, severityWords, stateWords, titles, troubleWords } from './mail-words.ts';

export interface MailText {
  subject: string;
  text: string;
  html: string;
}

export interface MailContext {
  language: NoticeLanguage;
  /** Without a slash at its end; empty: no links. */
  publicUrl: string;
  categoryName(code: string, language: NoticeLanguage): string;
}

/** What a mail says of a notice, of nothing but what the notice holds for this reader. */
export function mailOfNotice(notice: Notice, context: MailContext): MailText {
  return lettered(titleOf(notice, context), paragraphsOf(notice, context), linkOf(notice), context);
}

/** One mail for what came in an hour beyond what one person is mailed. */
export function mailOfMany(notices: readonly Notice[], context: MailContext): MailText {
  const subject = filled(titles.summary[context.language], { count: notices.length });
  const shown = notices.slice(0, 50).map((notice) => titleOf(notice, context));
  return lettered(subject, [...shown, ...moreThan(notices.length - shown.length, context)], '/notices', context);
}

export function mailOfCode(code: string, context: MailContext): MailText {
  const { language } = context;
  return lettered(
    lines.verifySubject[language],
    [filled(lines.verifyText[language], { code })],
    `/notices/settings?code=${code}`,
    context,
  );
}

export function mailOfTest(context: MailContext): MailText {
  return lettered(lines.testSubject[context.language], [lines.testText[context.language]], null, context);
}

export function titleOf(notice: Notice, { language }: Pick<MailContext, 'language'>): string {
  const many = notice.count > 1 ? manyTitles[notice.kind] : undefined;
  const [first] = notice.cases;
  return filled((many ?? titles[notice.kind])[language], {
    number: first?.number ?? '',
    camera: notice.cameras[0]?.name ?? '',
    count: notice.count,
    date: moment(notice.atMs).slice(0, 10),
  });
}

/** Where a notice leads in the console; the same for each language. */
export function linkOf(notice: Pick<Notice, 'cases' | 'count' | 'kind'>): string {
  const [first] = notice.cases;
  if (first !== undefined && notice.count === 1) return `/incidents/${first.id}`;
  if (notice.kind === 'second_reading_waiting') return '/incidents/second-readings';
  return notice.kind === 'digest' ? '/' : '/notices';
}

function paragraphsOf(notice: Notice, context: MailContext): string[] {
  const { language } = context;
  if (notice.digest !== null) return digestLines(notice.digest, context);
  if (notice.cases.length > 0) {
    if (notice.count === 1) return notice.cases.flatMap((one) => caseLines(one, context));
    const named = notice.cases.map(
      (one) => `${one.number} · ${context.categoryName(one.category, language)} · ${one.unitName}`,
    );
    return [...named, ...moreThan(notice.count - named.length, context)];
  }
  if (notice.cameras.length > 0) {
    const named = notice.cameras.map((camera) => cameraLine(camera, language));
    return [...named, ...moreThan(notice.count - named.length, context)];
  }
  if (notice.alarm !== null) return [`${lines.alarm[language]}: ${wordOf(notice.alarm.code, language)}`];
  return [];
}

function caseLines(one: NoticeCase, { language, categoryName }: MailContext): string[] {
  const rows: [string, string][] = [
    [lines.category[language], `${one.category} ${categoryName(one.category, language)}`],
    [lines.severity[language], severityWords[one.severity][language]],
    [lines.unit[language], one.unitName],
    [lines.camera[language], one.cameraName],
    [lines.state[language], stateWords[one.state]?.[language] ?? one.state],
  ];
  if (one.conclusion !== null) rows.push([lines.conclusion[language], conclusionWords[one.conclusion][language]]);
  if (one.dueAtMs !== null) rows.push([lines.due[language], moment(one.dueAtMs)]);
  return rows.map(([name, value]) => `${name}: ${value}`);
}

function cameraLine({ name, unitName, trouble }: NoticeCamera, language: NoticeLanguage): string {
  return `${name} · ${unitName}${trouble === null ? '' : ` · ${wordOf(trouble, language)}`}`;
}

function digestLines(digest: NonNullable<Notice['digest']>, { language }: MailContext): string[] {
  const states = Object.entries(digest.byState).map(
    ([state, count]) => `  ${stateWords[state]?.[language] ?? state}: ${count}`,
  );
  const severities = ([3, 2, 1] as const).map(
    (severity) => `  ${severityWords[severity][language]}: ${digest.bySeverity[severity]}`,
  );
  const coverage =
    digest.coveragePercent === null
      ? lines.unknown[language]
      : `${digest.coveragePercent.toLocaleString(language === 'vi' ? 'vi-VN' : 'en-GB', { maximumFractionDigits: 1 })} %`;
  return [
    `${lines.open[language]}: ${digest.open}`,
    ...states,
    ...severities,
    `${lines.overdue[language]}: ${digest.overdue}`,
    `${lines.camerasDown[language]}: ${digest.camerasDown} / ${digest.cameras}`,
    `${lines.coverage[language]}: ${coverage}`,
  ];
}

function moreThan(count: number, { language }: MailContext): string[] {
  return count > 0 ? [filled(lines.more[language], { count })] : [];
}

function wordOf(code: string, language: NoticeLanguage): string {
  return troubleWords[code]?.[language] ?? code;
}

/** Plain text and the same as simple HTML; whatever a person wrote (names of units and cameras) is escaped. */
function lettered(title: string, paragraphs: readonly string[], path: string | null, context: MailContext): MailText {
  const { language, publicUrl } = context;
  const link = path === null || publicUrl === '' ? null : `${publicUrl}${path}`;
  const text = [title, '', ...paragraphs, ...(link === null ? [] : ['', link]), '', '-- ', lines.footer[language]];
  const body = paragraphs.map((line) => `<p style="margin:4px 0;white-space:pre-wrap">${escaped(line)}</p>`).join('\n');
  const anchor =
    link === null
      ? ''
      : `<p style="margin:16px 0"><a href="${escaped(link)}">${escaped(lines.openLink[language])}</a></p>`;
  return {
    subject: `[Liên Thông] ${oneLine(title)}`,
    text: text.join('\n'),
    html: `<!doctype html><html lang="${language}"><body style="font-family:sans-serif;font-size:15px;color:#1b2430">
<h1 style="font-size:18px">${escaped(title)}</h1>
${body}
${anchor}
<p style="margin-top:24px;font-size:12px;color:#5b6673">${escaped(lines.footer[language])}</p>
</body></html>`,
  };
}

/** dd/MM/yyyy HH:mm in the city's time. */
function moment(atMs: number): string {
  const at = Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toZonedDateTimeISO(timeZone);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(at.day)}/${two(at.month)}/${at.year} ${two(at.hour)}:${two(at.minute)}`;
}

function filled(words: string, values: Record<string, string | number>): string {
  return words.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

/** A subject is a header: no line break may begin another one. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, 200);
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
