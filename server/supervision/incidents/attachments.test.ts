import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { caseIn, cast, take } from '../../../test/support/cases.ts';
import { compoundFile, jpeg, openDocument, openXml, pdf, png, webp, zip } from '../../../test/support/office-files.ts';
import { type IncidentBench, openIncidentBench, person } from '../../../test/support/supervision.ts';
import { attachment as attachmentSchema } from '../../contracts/incidents.ts';

const { leader, office, inspector, head, otherHead, admin, auditor } = cast;

let bench: IncidentBench;
beforeEach(async () => {
  bench = await openIncidentBench();
});
afterEach(() => bench.close());

const send = (id: string, bytes: Uint8Array, name = 'giai-trinh.pdf', who = head) =>
  bench.attachments.add(who, id, { name, sizeBytes: undefined, bytes: Readable.from([bytes]) });
const onDisk = () => {
  const folder = join(bench.folder, 'attachments');
  return existsSync(folder) ? readdirSync(folder) : [];
};

const kinds: [name: string, bytes: Buffer, type: string, shown: string][] = [
  ['a.pdf', pdf, 'application/pdf', 'a.pdf'],
  ['a.JPEG', jpeg, 'image/jpeg', 'a.jpeg'],
  ['a.png', png, 'image/png', 'a.png'],
  ['a.webp', webp, 'image/webp', 'a.webp'],
  [
    'a.docx',
    openXml('wordprocessingml.document'),
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'a.docx',
  ],
  [
    'a.xlsx',
    openXml('spreadsheetml.sheet'),
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'a.xlsx',
  ],
  [
    'a.pptx',
    openXml('presentationml.presentation'),
    'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    'a.pptx',
  ],
  ['a.odt', openDocument('text'), 'application/vnd.oasis.opendocument.text', 'a.odt'],
  ['a.ods', openDocument('spreadsheet'), 'application/vnd.oasis.opendocument.spreadsheet', 'a.ods'],
  ['a.doc', compoundFile('Root', 'WordDocument'), 'application/msword', 'a.doc'],
  ['a.xls', compoundFile('Root', 'Workbook'), 'application/vnd.ms-excel', 'a.xls'],
  // What a file is called tells nothing: it gets the ending of what it is.
  ['lịch trực.exe', pdf, 'application/pdf', 'lịch trực.exe.pdf'],
];

test('each kind of file is known by its content, kept for the owner only, and hashed', async () => {
  const { id } = await caseIn(bench, 'explanation_requested');
  for (const [name, bytes, type, shown] of kinds) {
    const kept = attachmentSchema.parse(await send(id, bytes, name));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(kept).toEqual({ id: kept.id, name: shown, type, sizeBytes: bytes.length, sha256 });
    const path = join(bench.folder, 'attachments', kept.id);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const opened = await bench.attachments.open(head, id, kept.id);
    expect(await buffer(opened.bytes)).toEqual(bytes);
    await bench.attachments.remove(head, id, kept.id);
    expect(existsSync(path)).toBe(false);
  }
  expect(await bench.attachments.unused(head, id)).toEqual([]);
});

test('what is no such file is refused, whatever it is called, and leaves nothing', async () => {
  const { id } = await caseIn(bench, 'explanation_requested');
  const program = Buffer.from('MZ\x90\x00\x03', 'latin1');
  const html = Buffer.from('<!doctype html><script>alert(1)</script>');
  for (const bytes of [
    program,
    html,
    zip({ 'a.txt': 'x' }),
    compoundFile('Root', 'PowerPoint Document'),
    compoundFile('Root/', 'WordDocument', 'Macros/'),
    compoundFile('Root/', 'Workbook', '_VBA_PROJECT_CUR/'),
    Buffer.from('plain'),
  ]) {
    await expect(send(id, bytes)).rejects.toMatchObject({ kind: 'unsupported', code: 'attachment_type' });
  }
  await expect(send(id, Buffer.alloc(0))).rejects.toMatchObject({ kind: 'invalid', code: 'attachment_empty' });
  await expect(send(id, Buffer.concat([pdf, Buffer.alloc(100_000)]))).rejects.toMatchObject({
    kind: 'too_large',
    code: 'attachment_too_large',
  });
  const said = { name: 'a.pdf', sizeBytes: 100_001, bytes: Readable.from([pdf]) };
  await expect(bench.attachments.add(head, id, said)).rejects.toMatchObject({ code: 'attachment_too_large' });
  expect(onDisk()).toEqual([]);
  expect(await bench.attachments.unused(head, id)).toEqual([]);
});

test('a file that breaks off on its way leaves nothing, and a full disk is told as what it is', async () => {
  const { id } = await caseIn(bench, 'explanation_requested');
  const torn = (error: Error) =>
    bench.attachments.add(head, id, {
      name: 'a.pdf',
      sizeBytes: undefined,
      bytes: (async function* () {
        yield pdf;
        throw error;
      })(),
    });
  await expect(torn(new Error('gone'))).rejects.toThrow('gone');
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  await expect(torn(full)).rejects.toMatchObject({ kind: 'unavailable', code: 'attachments_no_space' });
  expect(onDisk()).toEqual([]);
});

test('names are cleaned for display and never used on the disk', async () => {
  const { id } = await caseIn(bench, 'explanation_requested');
  const names: [string, string][] = [
    ['../../etc/passwd', 'passwd.pdf'],
    ['C:\\\\Users\\\\ha\\\\Giải trình.PDF', 'Giải trình.pdf'],
    ['\u202egpj.fdp', 'gpj.fdp.pdf'],
    ['a\u0000b\r\nc\u200b.pdf', 'abc.pdf'],
    ['...', 'tệp.pdf'],
    ['', 'tệp.pdf'],
    ['"a";<b>.pdf', '_a_;_b_.pdf'],
    ['.htaccess', 'htaccess.pdf'],
    [`${'ă'.repeat(300)}.pdf`, `${'ă'.repeat(116)}.pdf`],
  ];
  for (const [given, shown] of names) {
    const kept = await send(id, pdf, given);
    expect(kept.name).toBe(shown);
    expect(onDisk()).toEqual([kept.id]);
    await bench.attachments.remove(head, id, kept.id);
  }
});

test('a file waits for its sender’s answer; with it, it belongs to the case and to whoever may see that', async () => {
  const { id } = await caseIn(bench, 'explanation_requested');
  const [first, second] = [await send(id, pdf), await send(id, png, 'ảnh.png')];
  for (const other of [leader, office]) {
    await expect(bench.attachments.open(other, id, first.id)).rejects.toMatchObject({ code: 'attachment_unknown' });
  }
  const stranger = { ...head, userId: 'deputy' };
  await expect(take(bench, stranger, id, 'explain', { attachments: [first.id] })).rejects.toMatchObject({
    code: 'attachment_unknown',
  });
  const answered = await take(bench, head, id, 'explain', { attachments: [second.id, first.id] });
  expect(answered.history.at(-1)?.details.attachments).toEqual([second, first]);
  for (const reader of [leader, office, inspector, head]) {
    const { bytes, ...told } = await bench.attachments.open(reader, id, first.id);
    expect(told).toEqual(first);
    expect(await buffer(bytes)).toEqual(pdf);
  }
  for (const none of [otherHead, admin, auditor, person('unit_head', 'x', null)]) {
    await expect(bench.attachments.open(none, id, first.id)).rejects.toMatchObject({ code: 'incident_unknown' });
  }
  const { id: elsewhere } = await caseIn(bench, 'concluded');
  await expect(bench.attachments.open(head, elsewhere, first.id)).rejects.toMatchObject({ code: 'attachment_unknown' });
  await expect(bench.attachments.remove(head, id, first.id)).rejects.toMatchObject({ code: 'attachment_unknown' });
  const again = take(bench, head, elsewhere, 'appeal', { attachments: [first.id] });
  await expect(again).rejects.toMatchObject({ kind: 'invalid', code: 'attachment_unknown' });
});

test('only who may answer or appeal now sends files, at most ten at a time', async () => {
  const asked = await caseIn(bench, 'explanation_requested');
  await expect(send(asked.id, pdf, 'a.pdf', office)).rejects.toMatchObject({ code: 'not_permitted' });
  await expect(send(asked.id, pdf, 'a.pdf', otherHead)).rejects.toMatchObject({ code: 'incident_unknown' });
  const { id: answered } = await caseIn(bench, 'awaiting_conclusion');
  await expect(send(answered, pdf)).rejects.toMatchObject({ kind: 'conflict', code: 'step_out_of_order' });
  const concluded = await caseIn(bench, 'concluded');
  const { id: appeal } = await send(concluded.id, pdf);
  const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => send(asked.id, pdf)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  await expect(send(asked.id, pdf)).rejects.toMatchObject({ code: 'attachments_full' });
  const appealed = await take(bench, head, concluded.id, 'appeal', { attachments: [appeal] });
  expect(appealed.history.at(-1)?.details.attachments).toMatchObject([{ id: appeal }]);
  const late = await caseIn(bench, 'concluded');
  bench.nowMs = (late.dueAtMs ?? 0) + 1;
  await expect(send(late.id, pdf)).rejects.toMatchObject({ kind: 'conflict', code: 'term_over' });
});

test('a file that no step has used goes after a day, and so does what a crash left behind; used ones stay', async () => {
  const { id } = await caseIn(bench, 'explanation_requested');
  const used = await send(id, pdf);
  await take(bench, head, id, 'explain', { attachments: [used.id] });
  const { id: other } = await caseIn(bench, 'explanation_requested');
  await send(other, pdf);
  const folder = join(bench.folder, 'attachments');
  const old = new Date(Date.now() - 90_000_000);
  for (const left of ['orphan', 'half.part']) {
    writeFileSync(join(folder, left), 'x');
    utimesSync(join(folder, left), old, old);
  }
  utimesSync(join(folder, used.id), old, old);
  writeFileSync(join(folder, 'young.part'), 'x');
  await bench.sweep.run();
  expect(onDisk()).toHaveLength(3);
  bench.nowMs += 86_400_001;
  await bench.sweep.run();
  await vi.waitFor(() => expect(onDisk().sort()).toEqual([used.id, 'young.part'].sort()));
  expect(await bench.attachments.unused(head, other)).toEqual([]);
});
