import type { CompletenessReport } from '../../../server/contracts/completeness.ts';
import { gapReason } from '../../../server/contracts/timeline.ts';

export interface CsvWords {
  unit: string;
  camera: string;
  scheduled: string;
  recorded: string;
  share: string;
  unexplained: string;
  reason: (reason: string) => string;
  unitName: (id: string) => string;
  cameraName: (id: string) => string;
  /** Decimal sign of the language, by which spreadsheets of that language read numbers. */
  decimal: ',' | '.';
}

/** Reasons that count as explained. */
const reasons = gapReason.options.filter((reason) => reason !== 'schedule' && reason !== 'unknown');

/**
 * The report as a table (RFC 4180) with one line a camera: minutes that were to be recorded, that are, and that are missing by reason. Semicolons
 * where the comma is the decimal sign, and a byte order mark, so that spreadsheets read it as it is meant.
 */
export function completenessCsv(report: CompletenessReport, words: CsvWords): string {
  const separator = words.decimal === ',' ? ';' : ',';
  const number = (value: number) => value.toFixed(1).replace('.', words.decimal);
  const minutes = (ms: number) => number(ms / 60_000);
  const head = [
    words.unit,
    words.camera,
    words.scheduled,
    words.recorded,
    words.share,
    ...reasons.map(words.reason),
    words.unexplained,
  ];
  const rows = report.cameras.map((camera) => [
    words.unitName(camera.unitId),
    words.cameraName(camera.cameraId),
    minutes(camera.scheduledMs),
    minutes(camera.recordedMs),
    camera.scheduledMs === 0 ? '' : number((100 * camera.recordedMs) / camera.scheduledMs),
    ...reasons.map((reason) => minutes(camera.explainedMs[reason] ?? 0)),
    minutes(camera.unexplainedMs),
  ]);
  const line = (cells: readonly string[]) => cells.map((cell) => quoted(cell, separator)).join(separator);
  return `\uFEFF${[head, ...rows].map(line).join('\r\n')}\r\n`;
}

/** Names are typed by people: what a spreadsheet would take for a formula is made text. */
function quoted(cell: string, separator: string): string {
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
