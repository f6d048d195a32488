import type { Conclusion, IncidentState } from '../../../server/contracts/incidents.ts';
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

export interface DemoCase {
  deskId: string;
  category: string;
  severity?: 1 | 2 | 3;
  note: string;
  flaggedBy: Role;
  state: IncidentState;
  /** Who took it on and who ended it, with their words. */
  verifiedBy?: Role;
  endedBy?: Role;
  reason?: string;
  conclusion?: Conclusion;
}

export const cases: readonly DemoCase[] = [
  {
    deskId: 'hong-ha-quay-1',
    category: 'VT03',
    note: 'Cán bộ dùng điện thoại cá nhân khi công dân đang chờ.',
    flaggedBy: 'home_affairs',
    state: 'concluded',
    verifiedBy: 'home_affairs',
    endedBy: 'inspector',
    reason: 'Đã đối chiếu hình ảnh với lịch trực. Nhắc nhở trong giao ban tuần.',
    conclusion: 'reminder',
  },
  {
    deskId: 'trung-tam-quay-2',
    category: 'TD03',
    note: 'Hút thuốc tại vị trí trực.',
    flaggedBy: 'leader',
    state: 'concluded',
    verifiedBy: 'inspector',
    endedBy: 'home_affairs',
    reason: 'Hình ảnh rõ, người trực xác nhận.',
    conclusion: 'criticism',
  },
  {
    deskId: 'cao-xanh-quay-1',
    category: 'CS01',
    note: 'Hồ sơ, đồ đạc để lộn xộn trên mặt quầy.',
    flaggedBy: 'inspector',
    state: 'concluded',
    verifiedBy: 'inspector',
    endedBy: 'leader',
    reason: 'Đơn vị sắp xếp lại khu vực tiếp dân trước ngày làm việc tiếp theo.',
    conclusion: 'rectify',
  },
  {
    deskId: 'bai-chay-quay-2',
    category: 'TP02',
    note: 'Trang phục chưa đúng quy định?',
    flaggedBy: 'inspector',
    state: 'no_violation',
    verifiedBy: 'home_affairs',
    endedBy: 'home_affairs',
    reason: 'Trang phục ngành theo quy định riêng của vị trí.',
  },
  {
    deskId: 'bai-chay-quay-1',
    category: 'VT01',
    note: 'Quầy không có người trực, không có biển báo.',
    flaggedBy: 'leader',
    state: 'verifying',
    verifiedBy: 'home_affairs',
    reason: 'Đề nghị đơn vị gửi lịch trực trong ngày.',
  },
  {
    deskId: 'trung-tam-quay-4',
    category: 'TD02',
    note: 'Công dân phản ánh phải đi lại nhiều lần vì một thủ tục.',
    flaggedBy: 'inspector',
    state: 'verifying',
    verifiedBy: 'inspector',
    reason: 'Đang đối chiếu với sổ tiếp nhận hồ sơ.',
  },
  {
    deskId: 'hong-ha-quay-2',
    category: 'TN01',
    note: 'Ba công dân chờ, quầy trống.',
    flaggedBy: 'home_affairs',
    state: 'flagged',
  },
  {
    deskId: 'trung-tam-quay-1',
    category: 'TP01',
    note: 'Không thấy thẻ công chức.',
    flaggedBy: 'home_affairs',
    state: 'flagged',
  },
  {
    deskId: 'gieng-day-quay-1',
    category: 'KT01',
    note: 'Camera bị xoay lệch khỏi mặt quầy.',
    flaggedBy: 'inspector',
    state: 'flagged',
  },
];
