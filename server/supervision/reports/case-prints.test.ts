import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { accountOf, caseIn, cast, flagOf, take } from '../../../test/support/cases.ts';
import { pdf as somePdf } from '../../../test/support/office-files.ts';
import { type PdfPage, type ReportBench, readPdf, reportBench } from '../../../test/support/reports.ts';
import { at, type IncidentBench, openIncidentBench } from '../../../test/support/supervision.ts';
import { silentLogger } from '../../platform/log.ts';
import type { Supervisor } from '../supervisor.ts';
import { ReportMaker } from './report-maker.ts';

const { office, inspector, leader, head, otherHead, admin } = cast;

let cases: IncidentBench;
let bench: ReportBench;
const maker = new ReportMaker({ log: silentLogger });
afterAll(() => maker.stop());
beforeEach(async () => {
  cases = await openIncidentBench();
  cases.accounts.push(...Object.values(cast).map(accountOf));
  bench = reportBench(cases, maker);
});
afterEach(() => cases.close());

const textOf = (pages: PdfPage[]) => pages.map(({ lines }) => lines.join('\n')).join('\n\n');

/** A case that has gone the whole way, each step at its time. */
async function wholeCase(): Promise<string> {
  const { id } = await cases.incidents.create(office, flagOf(cases, { note: 'nghi ngờ bỏ vị trí' }));
  const then = async (local: string, who: Supervisor, step: Parameters<typeof take>[3], more = {}) => {
    cases.nowMs = at(local);
    await take(cases, who, id, step, more, '10.9.8.7');
  };
  await then('2026-11-24 10:00', office, 'verify', { reason: 'Xem lại từ 9 giờ.' });
  await then('2026-11-24 10:05', leader, 'assign', { assigneeId: inspector.userId });
  await cases.incidents.prepare(inspector, id, { conclusion: 'criticism', text: 'dự thảo kết luận' });
  await then('2026-11-24 14:00', office, 'request_explanation', {
    reason: 'Vì sao quầy trống từ 09:29 đến 09:30?',
    finding: 'Quầy số 1 không có người trực; ba công dân chờ.',
  });
  const bytes = async function* () {
    yield somePdf;
  };
  const sent = await cases.attachments.add(head, id, {
    name: 'Giấy cử đi họp.pdf',
    sizeBytes: undefined,
    bytes: bytes(),
  });
  const stretch = { cameraId: 'cam-1', fromMs: at('2026-11-24 09:20'), toMs: at('2026-11-24 09:28') };
  await then('2026-11-25 08:30', head, 'explain', { attachments: [sent.id], stretches: [stretch] });
  await then('2026-11-26 09:00', inspector, 'conclude');
  await then('2026-11-27 09:00', head, 'appeal');
  await then('2026-11-30 15:00', leader, 'judge_appeal', {
    outcome: 'changed',
    conclusion: 'rectify',
    reason: 'Đơn vị đã phân công người thay.',
  });
  const [from, cut, to] = [at('2026-11-24 09:29'), at('2026-11-24 09:29:40'), at('2026-11-24 09:30')];
  cases.recorder.recorded = { recorded: [[from, cut]], gaps: [{ from: cut, to, reason: 'network' }] };
  bench.pictureAt = (asked) => (asked < cut ? asked - 400 : undefined);
  bench.files = [{ fromMs: from - 5000, toMs: cut, sha256: 'ab'.repeat(32) }];
  cases.nowMs = at('2026-12-01 08:05');
  return id;
}

test('a paper has all of a case file for the city, in the order of an administrative paper, page by page', async () => {
  const id = await wholeCase();
  const pages = await readPdf((await bench.pdf(inspector, id)).bytes);
  expect(textOf(pages)).toBe(`DỮ LIỆU MÔ PHỎNG (SIMULATED): đơn vị, người và hình ảnh đều là giả định
ỦY BAN NHÂN DÂN
THÀNH PHỐ HẠ LONG
Số: ……/……
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Hạ Long, ngày 01 tháng 12 năm 2026
HỒ SƠ VỤ VIỆC
Vụ việc số VV-2026-0001
Về việc: Để dân chờ, quầy trống (TN01), tại Phường Hồng Hà
I. THÔNG TIN VỤ VIỆC
Đơn vị: Phường Hồng Hà
Vị trí: Quầy số 1 (camera: Quầy số 1)
Hành vi: Để dân chờ, quầy trống (TN01)
Mức độ để xử lý: 2 (Cần xử lý)
Thời điểm: 09:29:30 ngày 24/11/2026
Ghi nhận vào hệ thống: 09:30 ngày 24/11/2026
Người ghi nhận: Trần Thị Bình (Phòng Nội vụ)
Người xử lý: Phạm Minh (Phòng Thanh tra)
Trạng thái lúc in: Đóng; kết luận: Chấn chỉnh
Kết thúc: 15:00 ngày 30/11/2026
II. NỘI DUNG SỰ VIỆC
Quầy số 1 không có người trực; ba công dân chờ.
Nội dung ghi nhận ban đầu
nghi ngờ bỏ vị trí
III. HÌNH ẢNH
Ảnh lúc ghi nhận: 09:29:30 ngày 24/11/2026 Đầu đoạn: 09:28:59 ngày 24/11/2026
VV-2026-0001 · In lúc 08:05 ngày 01/12/2026 bởi Phạm Minh (Phòng Thanh tra) · Dữ liệu mô phỏng Trang 1/3

Giữa đoạn: 09:29:29 ngày 24/11/2026
Không có ảnh: khoảng trống ghi hình, mất
mạng.
Cuối đoạn: 09:29:59 ngày 24/11/2026
IV. DỮ LIỆU GHI HÌNH
Đoạn của vụ việc: từ 09:29:00 đến 09:30:00 ngày 24/11/2026, dài 1 phút
Tình trạng: có 40 giây trong 1 phút
Giữ đến: 30/11/2028
Khoảng trống
Từ Đến Lý do
09:29:40 ngày 24/11/2026 09:30:00 ngày 24/11/2026 mất mạng
Tệp ghi hình gốc có đoạn này (chứa cả phần trước và sau)
Tệp Từ Đến SHA-256
1795487335000.mp4 09:28:55 09:29:40 abababababababababababababababababababababababababababababababab
V. GIẢI TRÌNH CỦA ĐƠN VỊ
Câu hỏi cho đơn vị, gửi lúc 14:00 ngày 24/11/2026
Vì sao quầy trống từ 09:29 đến 09:30?
Thời hạn giải trình: đến 16:30 ngày 27/11/2026
Nội dung giải trình: Lê Hà (Trưởng đơn vị), 08:30 ngày 25/11/2026
Cán bộ đi họp, đã phân công người trực.
Tệp kèm theo
Tên tệp Dung lượng SHA-256
Giấy cử đi họp.pdf 48 B
49c28c332031c5be46a9f1cc28754ba850448ac9d4ffcc1cbb169f779b66b273
Đoạn ghi hình đơn vị dẫn chiếu
Camera Đoạn
Quầy số 1 từ 09:20:00 đến 09:28:00 ngày 24/11/2026
VI. KẾT LUẬN
Hình thức: Nhắc nhở
Lý do: Phạm Minh (Phòng Thanh tra), 09:00 ngày 26/11/2026
Nhắc nhở đơn vị.
2
VV-2026-0001 · In lúc 08:05 ngày 01/12/2026 bởi Phạm Minh (Phòng Thanh tra) · Dữ liệu mô phỏng Trang 2/3

VII. KIẾN NGHỊ XEM XÉT LẠI
Nội dung kiến nghị: Lê Hà (Trưởng đơn vị), 09:00 ngày 27/11/2026
Đơn vị có lịch phân công.
Kết quả xem xét: Thay đổi kết luận
Kết luận sau xem xét: Chấn chỉnh
Lý do: Nguyễn Văn An (Lãnh đạo thành phố), 15:00 ngày 30/11/2026
Đơn vị đã phân công người thay.
VIII. QUÁ TRÌNH XỬ LÝ
Thời gian Việc Người thực hiện Nội dung
09:30:00
24/11/2026
Ghi nhận Trần Thị Bình (Phòng
Nội vụ)
nghi ngờ bỏ vị trí
10:00:00
24/11/2026
Bắt đầu xác minh Trần Thị Bình (Phòng
Nội vụ)
Xem lại từ 9 giờ.
10:05:00
24/11/2026
Giao Phạm Minh xử lý Nguyễn Văn An
(Lãnh đạo thành phố)
14:00:00
24/11/2026
Yêu cầu đơn vị giải trình Trần Thị Bình (Phòng
Nội vụ)
Xem mục V.
08:30:00
25/11/2026
Đơn vị giải trình Lê Hà (Trưởng đơn
vị)
Xem mục V.
09:00:00
26/11/2026
Kết luận: Nhắc nhở Phạm Minh (Phòng
Thanh tra)
Xem mục VI.
09:00:00
27/11/2026
Đơn vị kiến nghị xem
xét lại
Lê Hà (Trưởng đơn
vị)
Xem mục VII.
15:00:00
30/11/2026
Xem xét kiến nghị: Thay
đổi kết luận
Nguyễn Văn An
(Lãnh đạo thành phố)
Xem mục VII.
NGƯỜI LẬP HỒ SƠ
(Ký, ghi rõ họ tên)
ĐẠI DIỆN ĐƠN VỊ
(Ký, ghi rõ họ tên)
Nơi nhận:
- Phường Hồng Hà;
- Lưu: VT, hồ sơ vụ việc.
TM. ỦY BAN NHÂN DÂN
THÀNH PHỐ HẠ LONG
(Chức vụ, chữ ký, dấu, họ và tên)
3
VV-2026-0001 · In lúc 08:05 ngày 01/12/2026 bởi Phạm Minh (Phòng Thanh tra) · Dữ liệu mô phỏng Trang 3/3`);
});

test('the extract for the unit has nothing that the unit may not see', async () => {
  const id = await wholeCase();
  const pages = await readPdf((await bench.pdf(head, id)).bytes);
  const text = textOf(pages);
  expect(text).toBe(`DỮ LIỆU MÔ PHỎNG (SIMULATED): đơn vị, người và hình ảnh đều là giả định
ỦY BAN NHÂN DÂN
THÀNH PHỐ HẠ LONG
PHƯỜNG HỒNG HÀ
Số: ……/……
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Hạ Long, ngày 01 tháng 12 năm 2026
TRÍCH HỒ SƠ VỤ VIỆC
Vụ việc số VV-2026-0001
Về việc: Để dân chờ, quầy trống (TN01), tại Phường Hồng Hà
I. THÔNG TIN VỤ VIỆC
Đơn vị: Phường Hồng Hà
Vị trí: Quầy số 1 (camera: Quầy số 1)
Hành vi: Để dân chờ, quầy trống (TN01)
Mức độ để xử lý: 2 (Cần xử lý)
Thời điểm: 09:29:30 ngày 24/11/2026
Ghi nhận vào hệ thống: 09:30 ngày 24/11/2026
Trạng thái lúc in: Đóng; kết luận: Chấn chỉnh
Kết thúc: 15:00 ngày 30/11/2026
II. NỘI DUNG SỰ VIỆC
Quầy số 1 không có người trực; ba công dân chờ.
III. HÌNH ẢNH
Ảnh lúc ghi nhận: 09:29:30 ngày 24/11/2026 Đầu đoạn: 09:28:59 ngày 24/11/2026
Giữa đoạn: 09:29:29 ngày 24/11/2026
Không có ảnh: khoảng trống ghi hình, mất
mạng.
Cuối đoạn: 09:29:59 ngày 24/11/2026
VV-2026-0001 · In lúc 08:05 ngày 01/12/2026 bởi Lê Hà (Trưởng đơn vị) · Dữ liệu mô phỏng Trang 1/3

IV. DỮ LIỆU GHI HÌNH
Đoạn của vụ việc: từ 09:29:00 đến 09:30:00 ngày 24/11/2026, dài 1 phút
Tình trạng: có 40 giây trong 1 phút
Giữ đến: 30/11/2028
Khoảng trống
Từ Đến Lý do
09:29:40 ngày 24/11/2026 09:30:00 ngày 24/11/2026 mất mạng
Tệp ghi hình gốc có đoạn này (chứa cả phần trước và sau)
Tệp Từ Đến SHA-256
1795487335000.mp4 09:28:55 09:29:40 abababababababababababababababababababababababababababababababab
V. GIẢI TRÌNH CỦA ĐƠN VỊ
Câu hỏi cho đơn vị, gửi lúc 14:00 ngày 24/11/2026
Vì sao quầy trống từ 09:29 đến 09:30?
Thời hạn giải trình: đến 16:30 ngày 27/11/2026
Nội dung giải trình: Lê Hà (Trưởng đơn vị), 08:30 ngày 25/11/2026
Cán bộ đi họp, đã phân công người trực.
Tệp kèm theo
Tên tệp Dung lượng SHA-256
Giấy cử đi họp.pdf 48 B
49c28c332031c5be46a9f1cc28754ba850448ac9d4ffcc1cbb169f779b66b273
Đoạn ghi hình đơn vị dẫn chiếu
Camera Đoạn
Quầy số 1 từ 09:20:00 đến 09:28:00 ngày 24/11/2026
VI. KẾT LUẬN
Hình thức: Nhắc nhở
Lý do: Phạm Minh (Phòng Thanh tra), 09:00 ngày 26/11/2026
Nhắc nhở đơn vị.
VII. KIẾN NGHỊ XEM XÉT LẠI
Nội dung kiến nghị: Lê Hà (Trưởng đơn vị), 09:00 ngày 27/11/2026
Đơn vị có lịch phân công.
Kết quả xem xét: Thay đổi kết luận
Kết luận sau xem xét: Chấn chỉnh
Lý do: Nguyễn Văn An (Lãnh đạo thành phố), 15:00 ngày 30/11/2026
Đơn vị đã phân công người thay.
2
VV-2026-0001 · In lúc 08:05 ngày 01/12/2026 bởi Lê Hà (Trưởng đơn vị) · Dữ liệu mô phỏng Trang 2/3

VIII. QUÁ TRÌNH XỬ LÝ
Thời gian Việc Người thực hiện Nội dung
09:30:00
24/11/2026
Ghi nhận
10:00:00
24/11/2026
Bắt đầu xác minh Phòng Nội vụ
14:00:00
24/11/2026
Yêu cầu đơn vị giải trình Phòng Nội vụ Xem mục V.
08:30:00
25/11/2026
Đơn vị giải trình Lê Hà (Trưởng đơn
vị)
Xem mục V.
09:00:00
26/11/2026
Kết luận: Nhắc nhở Phạm Minh (Phòng
Thanh tra)
Xem mục VI.
09:00:00
27/11/2026
Đơn vị kiến nghị xem
xét lại
Lê Hà (Trưởng đơn
vị)
Xem mục VII.
15:00:00
30/11/2026
Xem xét kiến nghị: Thay
đổi kết luận
Nguyễn Văn An
(Lãnh đạo thành phố)
Xem mục VII.
Nơi nhận:
- Lưu: hồ sơ đơn vị.
TRƯỞNG ĐƠN VỊ
(Ký, ghi rõ họ tên)
3
VV-2026-0001 · In lúc 08:05 ngày 01/12/2026 bởi Lê Hà (Trưởng đơn vị) · Dữ liệu mô phỏng Trang 3/3`);
  const secrets = [
    office.name,
    'nghi ngờ bỏ vị trí',
    'Xem lại từ 9 giờ',
    'Người xử lý',
    'Giao ',
    'dự thảo kết luận',
    '10.9.8.7',
  ];
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
});

test('a paper is for whoever may see the case, leaves a trace, and its pictures count as seen', async () => {
  const id = await wholeCase();
  for (const person of [otherHead, admin]) {
    await expect(bench.pdf(person, id)).rejects.toMatchObject({ code: 'incident_unknown' });
  }
  expect(bench.audited).toEqual([]);
  expect(bench.seen).toEqual([]);
  const { name, bytes } = await bench.pdf(leader, id);
  expect(name).toBe('VV-2026-0001.pdf');
  expect(bench.audited).toMatchObject([
    {
      actor: leader,
      address: '10.1.2.3',
      action: 'incident.printed',
      subject: `incident:${id}`,
      details: { number: 'VV-2026-0001', version: 8, bytes: bytes.length },
    },
  ]);
  expect(bench.seen.map(({ cameraId, stream, atMs }) => [cameraId, stream, atMs - at('2026-11-24 09:29')])).toEqual([
    ['cam-1', 'main', 30_000],
    ['cam-1', 'main', -400],
    ['cam-1', 'main', 29_600],
  ]);
});

test('a case that has only been flagged says what there is not, and names no unit among those who receive it', async () => {
  const { id } = await cases.incidents.create(office, flagOf(cases));
  bench.kept = null;
  bench.pictureAt = (asked) => asked - 60_000;
  const text = textOf(await readPdf((await bench.pdf(office, id)).bytes));
  for (const line of [
    'Chưa nêu nội dung sự việc cho đơn vị.',
    'Không có ảnh: không có hình của thời điểm',
    'Không có ảnh: không có khung hình nào gần',
    'Chưa yêu cầu đơn vị giải trình.',
    'Chưa có kết luận.',
    'Nơi nhận:\n- Lưu: VT, hồ sơ vụ việc.',
  ]) {
    expect(text).toContain(line);
  }
  expect(text).not.toContain('KIẾN NGHỊ');
  expect(text).not.toContain('ĐẠI DIỆN ĐƠN VỊ');
});

test('what is hostile neither breaks a paper nor leaves its margins: long words, marks that reorder, emoji, a broken picture', async () => {
  const note = `\u202Eđảo ngược\u202C ab 😀 ${'W'.repeat(1950)}${'i'.repeat(1950)}`;
  const made = await caseIn(cases, 'explanation_requested', { note });
  await take(cases, head, made.id, 'explain', { reason: 'Từng dòng một. '.repeat(266) });
  bench.kept = Buffer.from('ffd8ffe000104a464946', 'hex');
  const pages = await readPdf((await bench.pdf(office, made.id)).bytes);
  const text = pages.flatMap(({ lines }) => lines).join(' ');
  expect(text).toContain('đảo ngược ab □ WWW');
  expect(text).toContain('Không có ảnh: tệp ảnh không đọc được.');
  expect([...text].filter((letter) => letter === 'W').length).toBe(2 * 1950);
  expect(text.split('Từng dòng một.').length - 1).toBe(266);
  const a4 = 595.28;
  expect(Math.max(...pages.map(({ right }) => right))).toBeLessThanOrEqual(a4 - 56);
});

test('every Vietnamese letter is in the typeface and comes back as it was', async () => {
  const vowels = [...'aăâeêioôơuưy'].flatMap((v) =>
    ['', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323'].map((tone) => v + tone),
  );
  const letters = [...vowels, 'đ'].map((letter) => letter.normalize('NFC'));
  const alphabet = [...letters, ...letters.map((letter) => letter.toUpperCase())];
  const lines = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => alphabet.slice(i * 15, (i + 1) * 15).join(' '));
  const { id } = await cases.incidents.create(office, flagOf(cases, { note: lines.join('\n').normalize('NFD') }));
  const text = textOf(await readPdf((await bench.pdf(office, id)).bytes));
  expect(alphabet).toHaveLength(146);
  for (const line of lines) expect(text).toContain(line);
});
