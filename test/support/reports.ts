import { extractTextItems, getDocumentProxy } from 'unpdf';
import { AppError } from '../../server/platform/errors.ts';
import { IncidentListStore } from '../../server/storage/incident-list.store.ts';
import { CaseLists } from '../../server/supervision/reports/case-lists.ts';
import { CasePrints } from '../../server/supervision/reports/case-prints.ts';
import type { SeenStill } from '../../server/supervision/reports/case-stills.ts';
import type { ReportMaker } from '../../server/supervision/reports/report-maker.ts';
import type { AuditRecord, Supervisor } from '../../server/supervision/supervisor.ts';
import { type IncidentBench, reachOf } from './supervision.ts';

/** A grey picture of 16 by 16. */
export const greyJpeg = Buffer.from(
  '/9j/4AAQSkZJRgABAgAAAQABAAD//gAQTGF2YzU5LjM3LjEwMAD/2wBDAAg+Pkk+SVVVVVVVVWRdZGhoaGRkZGRoaGhwcHCDg4NwcHBoaHBwfHyDg4+Tj4eHg4eTk5ubm7q6srLZ2eD/////xABKAAEAAAAAAAAAAAAAAAAAAAAAAQEAAAAAAAAAAAAAAAAAAAAAEAEAAAAAAAAAAAAAAAAAAAAAEQEAAAAAAAAAAAAAAAAAAAAA/8AAEQgAEAAQAwEiAAIRAAMRAP/aAAwDAQACEQMRAD8AAA//2Q==',
  'base64',
);

export interface ReportBench {
  prints: CasePrints;
  lists: CaseLists;
  audited: AuditRecord[];
  /** Pictures that somebody was shown. */
  seen: (SeenStill & { cameraId: string })[];
  /** What the recorder gives of a moment; undefined is nothing. */
  pictureAt: (atMs: number) => number | undefined;
  /** The still that was kept with a flag; null is none. */
  kept: Uint8Array | null;
  /** Recording files with the footage of a case. */
  files: { fromMs: number; toMs: number; sha256: string | null }[];
  /** Prints a case for a person. */
  pdf(person: Supervisor, id: string): Promise<{ name: string; bytes: Uint8Array }>;
}

/** Papers and lists over the cases of a bench. */
export function reportBench(cases: IncidentBench, maker: ReportMaker, options: { maxRows?: number } = {}): ReportBench {
  const clock = { nowMs: () => cases.nowMs, monotonicMs: () => performance.now() };
  const audit = async (record: AuditRecord) => bench.audited.push(record);
  const city = {
    ...cases.city,
    letterhead: { issuingBody: ['ỦY BAN NHÂN DÂN', 'THÀNH PHỐ HẠ LONG'], place: 'Hạ Long' },
  };
  const shared = { city, maker, reachOf, audit, clock };
  const bench: ReportBench = {
    audited: [],
    seen: [],
    pictureAt: (atMs) => atMs - 400,
    kept: greyJpeg,
    files: [],
    prints: new CasePrints({
      ...shared,
      incidents: {
        get: (actor, id) => cases.incidents.get(actor, id),
        still: async () => {
          if (bench.kept === null) throw new AppError('not_found', 'still_missing');
          return bench.kept;
        },
      },
      recorder: {
        still: async (_cameraId, _stream, atMs = 0) => {
          const mediaTimeMs = bench.pictureAt(atMs);
          if (mediaTimeMs === undefined) throw new AppError('not_found', 'nothing_recorded');
          return { jpeg: greyJpeg, mediaTimeMs };
        },
        vodPlaylist: async () => {
          if (bench.files.length === 0) throw new AppError('not_found', 'nothing_recorded');
          return bench.files
            .map(({ fromMs: at }) => `#EXT-X-MAP:URI="file/${at}.mp4",BYTERANGE="800@0"\n#EXTINF:4,\nfile/${at}.mp4`)
            .join('\n');
        },
        recordedFileTime: async (_cameraId, _stream, name) => {
          const file = bench.files.find(({ fromMs }) => name === `${fromMs}.mp4`);
          if (file === undefined) throw new AppError('not_found', 'media_gone');
          return file;
        },
      },
      deskIdsOf: () => ['hong-ha-quay-1'],
    }),
    lists: new CaseLists({
      ...shared,
      store: new IncidentListStore(cases.database.kysely),
      repeatDays: 90,
      maxRows: options.maxRows,
    }),
    pdf: (person, id) =>
      bench.prints.pdf(person, id, {
        address: '10.1.2.3',
        signal: new AbortController().signal,
        seen: (cameraId, still) => bench.seen.push({ cameraId, ...still }),
      }),
  };
  return bench;
}

export interface PdfPage {
  /** The lines of the page as they are copied out of it. */
  lines: string[];
  /** How far to the right the text goes, in points. */
  right: number;
}

/** The text of a PDF, by an independent reader. */
export async function readPdf(bytes: Uint8Array): Promise<PdfPage[]> {
  const document = await getDocumentProxy(new Uint8Array(bytes));
  const { items } = await extractTextItems(document);
  return items.map((page) => {
    const lines: { y: number; text: string }[] = [];
    for (const { str, y } of page) {
      const last = lines.at(-1);
      if (last !== undefined && Math.abs(last.y - y) < 1) last.text += str;
      else lines.push({ y, text: str });
    }
    return {
      lines: lines.map(({ text }) => text.replace(/\s+/g, ' ').trim()).filter((text) => text !== ''),
      right: Math.max(0, ...page.map(({ x, width }) => x + width)),
    };
  });
}
