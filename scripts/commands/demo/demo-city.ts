import type { IncidentState, IncidentStep } from '../../../server/contracts/incidents.ts';
import type { Role } from '../../../server/contracts/roles.ts';
import type { SceneOptions } from '../../simulator/scenes/scene.ts';

/** What the demo tells about the units of config/demo: who works with them, what their cameras see, and what happened there. */

export interface DemoPerson {
  role: Role;
  username: string;
  name: string;
  unit?: string;
}

export const people: readonly DemoPerson[] = [
  { role: 'admin', username: 'quantri', name: 'Quản trị hệ thống' },
  { role: 'leader', username: 'lanhdao', name: 'Lãnh đạo thành phố' },
  { role: 'home_affairs', username: 'noivu', name: 'Phòng Nội vụ' },
  { role: 'inspector', username: 'thanhtra', name: 'Phòng Thanh tra' },
  { role: 'unit_head', username: 'hongha', name: 'Trưởng đơn vị phường Hồng Hà', unit: 'hong-ha' },
  { role: 'unit_head', username: 'trungtam', name: 'Giám đốc Trung tâm HCC thành phố', unit: 'trung-tam' },
  { role: 'unit_head', username: 'baichay', name: 'Trưởng đơn vị phường Bãi Cháy', unit: 'bai-chay' },
  { role: 'unit_head', username: 'caoxanh', name: 'Trưởng đơn vị phường Cao Xanh', unit: 'cao-xanh' },
  { role: 'auditor', username: 'kiemtoan', name: 'Kiểm toán' },
];

export interface DemoCamera {
  /** The desk that it covers. */
  deskId: string;
  unit: string;
  unitName: string;
  name: string;
  scene: Partial<SceneOptions>;
}

function desks(unit: string, unitName: string, count: number): DemoCamera[] {
  return Array.from({ length: count }, (_, index) => ({
    deskId: `${unit}-quay-${index + 1}`,
    unit,
    unitName,
    name: `Quầy số ${index + 1}`,
    scene: { unit: unitName },
  }));
}

export const cameras: readonly DemoCamera[] = [
  ...desks('trung-tam', 'Trung tâm HCC thành phố', 4),
  ...desks('hong-ha', 'Phường Hồng Hà', 2),
  ...desks('bai-chay', 'Phường Bãi Cháy', 2),
  ...desks('cao-xanh', 'Phường Cao Xanh', 1),
  ...desks('gieng-day', 'Phường Giếng Đáy', 1),
];

/** A step by somebody of a role; a unit head is that of the unit of the case. */
export interface DemoStep {
  by: Role;
  step: IncidentStep;
  words?: Record<string, unknown>;
  /** The case that goes on, by its place in `cases`. */
  of?: number;
  /** A file that is handed in with it. */
  file?: { name: string; line: string };
}

export interface DemoCase {
  deskId: string;
  category: string;
  severity?: 1 | 2 | 3;
  note: string;
  flaggedBy: Role;
  /** Where its steps lead. */
  state: IncidentState;
  steps: readonly DemoStep[];
}

/** The office verifies and asks; the head of the unit answers. */
const heard = (by: Role, question: string, answer: string, file?: DemoStep['file']): DemoStep[] => [
  { by, step: 'verify' },
  { by, step: 'request_explanation', words: { reason: question } },
  { by: 'unit_head', step: 'explain', words: { reason: answer }, ...(file && { file }) },
];

export const cases: readonly DemoCase[] = [
  {
    deskId: 'hong-ha-quay-1',
    category: 'VT03',
    note: 'Cán bộ dùng điện thoại cá nhân khi công dân đang chờ.',
    flaggedBy: 'home_affairs',
    state: 'concluded',
    steps: [
      ...heard('home_affairs', 'Đề nghị đơn vị giải trình.', 'Cán bộ nhận là đã dùng điện thoại cho việc riêng.'),
      {
        by: 'inspector',
        step: 'conclude',
        words: {
          conclusion: 'reminder',
          reason: 'Đã đối chiếu hình ảnh với lịch trực. Nhắc nhở trong giao ban tuần.',
        },
      },
    ],
  },
  {
    deskId: 'trung-tam-quay-2',
    category: 'TD03',
    note: 'Hút thuốc tại vị trí trực.',
    flaggedBy: 'leader',
    state: 'closed',
    steps: [
      ...heard('inspector', 'Ai trực quầy lúc này?', 'Người trực đã nhận lỗi và viết cam kết.'),
      {
        by: 'home_affairs',
        step: 'conclude',
        words: { conclusion: 'criticism', reason: 'Hình ảnh rõ, người trực xác nhận.' },
      },
      { by: 'unit_head', step: 'appeal', words: { reason: 'Đề nghị xem xét vì vi phạm lần đầu, đã khắc phục ngay.' } },
      {
        by: 'inspector',
        step: 'judge_appeal',
        words: { outcome: 'upheld', reason: 'Hút thuốc tại công sở bị cấm trong mọi trường hợp.' },
      },
    ],
  },
  {
    deskId: 'cao-xanh-quay-1',
    category: 'CS01',
    note: 'Hồ sơ, đồ đạc để lộn xộn trên mặt quầy.',
    flaggedBy: 'inspector',
    state: 'concluded',
    steps: [
      ...heard('inspector', 'Đề nghị nêu cách khắc phục.', 'Đơn vị đang chuyển kho hồ sơ.'),
      {
        by: 'leader',
        step: 'conclude',
        words: {
          conclusion: 'rectify',
          reason: 'Đơn vị sắp xếp lại khu vực tiếp dân trước ngày làm việc tiếp theo.',
        },
      },
    ],
  },
  {
    deskId: 'bai-chay-quay-2',
    category: 'TP02',
    note: 'Trang phục chưa đúng quy định?',
    flaggedBy: 'inspector',
    state: 'no_violation',
    steps: [
      { by: 'home_affairs', step: 'verify' },
      {
        by: 'home_affairs',
        step: 'dismiss',
        words: { reason: 'Trang phục ngành theo quy định riêng của vị trí.' },
      },
    ],
  },
  {
    deskId: 'bai-chay-quay-1',
    category: 'VT01',
    note: 'Quầy không có người trực, không có biển báo.',
    flaggedBy: 'leader',
    state: 'explanation_requested',
    steps: [
      { by: 'home_affairs', step: 'verify' },
      {
        by: 'home_affairs',
        step: 'request_explanation',
        words: { reason: 'Đề nghị đơn vị gửi lịch trực trong ngày và lý do quầy trống.' },
      },
    ],
  },
  {
    deskId: 'trung-tam-quay-4',
    category: 'TD02',
    note: 'Công dân phản ánh phải đi lại nhiều lần vì một thủ tục.',
    flaggedBy: 'inspector',
    state: 'verifying',
    steps: [{ by: 'inspector', step: 'verify', words: { reason: 'Đang đối chiếu với sổ tiếp nhận hồ sơ.' } }],
  },
  {
    deskId: 'hong-ha-quay-2',
    category: 'TN01',
    note: 'Ba công dân chờ, quầy trống.',
    flaggedBy: 'home_affairs',
    state: 'flagged',
    steps: [],
  },
  {
    deskId: 'trung-tam-quay-1',
    category: 'TP01',
    note: 'Không thấy thẻ công chức.',
    flaggedBy: 'home_affairs',
    state: 'flagged',
    steps: [],
  },
  {
    deskId: 'gieng-day-quay-1',
    category: 'KT01',
    note: 'Camera bị xoay lệch khỏi mặt quầy.',
    flaggedBy: 'inspector',
    state: 'flagged',
    steps: [],
  },
  {
    deskId: 'trung-tam-quay-3',
    category: 'VT02',
    note: 'Quầy mở muộn so với giờ niêm yết.',
    flaggedBy: 'leader',
    state: 'awaiting_conclusion',
    steps: heard(
      'home_affairs',
      'Vì sao quầy mở muộn?',
      'Người trực đưa con đi cấp cứu, quầy bên cạnh đã tiếp dân thay.',
      { name: 'lich-truc-mo-phong.pdf', line: 'MO PHONG - Lich truc quay so 3, Trung tam HCC (simulated)' },
    ),
  },
  {
    deskId: 'hong-ha-quay-2',
    category: 'VT01',
    note: 'Không có người ở quầy.',
    flaggedBy: 'inspector',
    state: 'duplicate',
    steps: [{ by: 'inspector', step: 'mark_duplicate', of: 6, words: { reason: 'Cùng một lúc vắng mặt.' } }],
  },
  {
    deskId: 'hong-ha-quay-1',
    category: 'TP01',
    note: 'Không thấy thẻ công chức trong cả buổi.',
    flaggedBy: 'inspector',
    state: 'appealed',
    steps: [
      ...heard('inspector', 'Đề nghị giải trình.', 'Thẻ đang làm lại, có giấy hẹn.'),
      {
        by: 'leader',
        step: 'conclude',
        words: { conclusion: 'reminder', reason: 'Phải có thẻ tạm trong khi chờ cấp lại.' },
      },
      { by: 'unit_head', step: 'appeal', words: { reason: 'Đơn vị đã báo Phòng Nội vụ trước, xin xem xét lại.' } },
    ],
  },
  {
    deskId: 'trung-tam-quay-2',
    category: 'TD01',
    note: 'To tiếng với công dân, lần thứ ba trong quý.',
    flaggedBy: 'inspector',
    state: 'referred',
    steps: [
      ...heard('inspector', 'Đề nghị tường trình sự việc.', 'Đơn vị đã xin lỗi công dân.'),
      { by: 'home_affairs', step: 'refer', words: { reason: 'Tái phạm nhiều lần, chuyển cơ quan có thẩm quyền.' } },
    ],
  },
];

/** What the offices say to each other; `of` is the place of the case in `cases`. */
export const comments: readonly { of: number; by: Role; text: string; mentions: readonly Role[] }[] = [
  {
    of: 5,
    by: 'home_affairs',
    text: '(Mô phỏng) Đề nghị Thanh tra cho biết đã có sổ tiếp nhận chưa.',
    mentions: ['inspector'],
  },
  { of: 5, by: 'inspector', text: '(Mô phỏng) Đã nhận sổ, đang đối chiếu hai hồ sơ cuối.', mentions: ['home_affairs'] },
  { of: 9, by: 'leader', text: '(Mô phỏng) Xem kỹ lịch trực kèm theo trước khi kết luận.', mentions: ['inspector'] },
];

export const sharedFilter = {
  by: 'home_affairs',
  name: 'Sắp hết hạn và quá hạn (mô phỏng)',
  query: { due: 'soon,overdue', sort: 'due' },
} as const;

/** Who reads one decided case a second time, and what they find: the same violation. */
export const reader = {
  by: 'leader',
  judgement: {
    violation: true,
    severity: 2,
    conclusion: 'reminder',
    reason: '(Mô phỏng) Hình ảnh rõ, đơn vị thừa nhận.',
  },
} as const;
