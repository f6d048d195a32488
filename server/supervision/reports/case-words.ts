import type { IncidentEntry, Superior } from '../../contracts/incidents.ts';
import type { GapReason } from '../../contracts/timeline.ts';
import { conclusionWords, severityWords, stateWords } from '../notifications/mail-words.ts';

/** The words of a case's paper: Vietnamese, since it is an administrative paper. */

export const roleWords: Readonly<Record<string, string>> = {
  leader: 'Lãnh đạo thành phố',
  home_affairs: 'Phòng Nội vụ',
  inspector: 'Phòng Thanh tra',
  unit_head: 'Trưởng đơn vị',
  admin: 'Quản trị hệ thống',
  auditor: 'Kiểm toán',
  system: 'Hệ thống',
};
export const roleName = (role: string): string => roleWords[role] ?? role;

/** Somebody with the office; the office alone where there is no name, or it is the same. */
export function personWords({ name, role }: { name: string; role: string }): string {
  const office = roleName(role);
  return name === '' || name === office ? office : `${name} (${office})`;
}

export const stateName = (state: string): string => stateWords[state]?.vi ?? state;
export const conclusionName = (conclusion: keyof typeof conclusionWords): string => conclusionWords[conclusion].vi;
export const severityName = (severity: 1 | 2 | 3): string => `${severity} (${severityWords[severity].vi})`;

export const outcomeWords = {
  upheld: 'Giữ nguyên kết luận',
  changed: 'Thay đổi kết luận',
  revoked: 'Hủy kết luận',
} as const;

export const gapWords: Readonly<Record<GapReason, string>> = {
  camera_offline: 'camera tắt',
  auth_failed: 'camera không nhận mật khẩu',
  network: 'mất mạng',
  stream_stalled: 'camera không gửi hình',
  server_stopped: 'máy chủ dừng',
  server_crashed: 'máy chủ gặp sự cố',
  disk_full: 'đầy ổ đĩa',
  disk_error: 'lỗi ổ đĩa',
  clock_jump: 'chỉnh giờ máy chủ',
  schedule: 'ngoài lịch ghi',
  policy_deleted: 'hết hạn lưu trữ',
  planned: 'bảo trì',
  unknown: 'chưa rõ lý do',
};

/** Why a picture is not there, by the code of the refusal. */
export const missingPictureWords: Readonly<Record<string, string>> = {
  still_missing: 'không có hình của thời điểm này khi ghi nhận',
  still_pending: 'ảnh đang được lấy, chưa xong khi in',
  nothing_recorded: 'thời điểm này không có ghi hình',
  not_of_the_moment: 'không có khung hình nào gần thời điểm này',
  camera_unknown: 'camera không còn trong hệ thống',
  media_gone: 'đoạn ghi hình đã hết hạn lưu trữ',
  volume_offline: 'ổ lưu trữ đang ngắt',
  unreadable: 'tệp ảnh không đọc được',
  too_large: 'tệp ảnh quá lớn để in',
};
export function missingPicture(code: string): string {
  const gap = code.startsWith('gap:') ? gapWords[code.slice(4) as GapReason] : undefined;
  const why = gap === undefined ? missingPictureWords[code] : `khoảng trống ghi hình, ${gap}`;
  return `Không có ảnh: ${why ?? 'máy chủ chưa lấy được hình lúc in'}.`;
}

/** What an entry of the history was. */
export function entryWords(entry: IncidentEntry): string {
  const { step, details, conclusion, toState } = entry;
  const words: Readonly<Record<string, string>> = {
    flag: 'Ghi nhận',
    verify: 'Bắt đầu xác minh',
    request_explanation: 'Yêu cầu đơn vị giải trình',
    explain: 'Đơn vị giải trình',
    proceed: 'Chuyển tiếp khi không có giải trình',
    conclude: conclusion === null ? 'Kết luận' : `Kết luận: ${conclusionName(conclusion)}`,
    dismiss: 'Kết thúc: không vi phạm',
    refer: 'Chuyển xử lý kỷ luật',
    mark_duplicate: `Đánh dấu trùng với ${details.other?.number ?? 'vụ việc khác'}`,
    merge: `Gộp ${details.other?.number ?? 'vụ việc khác'} vào vụ việc này`,
    correct: 'Đính chính',
    assign: details.assignee == null ? 'Bỏ giao xử lý' : `Giao ${details.assignee.name} xử lý`,
    appeal: 'Đơn vị kiến nghị xem xét lại',
    judge_appeal:
      details.outcome === undefined ? 'Xem xét kiến nghị' : `Xem xét kiến nghị: ${outcomeWords[details.outcome]}`,
    close: 'Đóng vụ việc',
    escalate: `Báo ${superiorName(details.superior)} vì quá hạn`,
  };
  return words[step] ?? `Chuyển sang: ${stateName(toState)}`;
}

function superiorName(superior: Superior | null | undefined): string {
  if (superior === null || superior === undefined) return 'cấp trên';
  return 'role' in superior ? roleName(superior.role) : superior.username;
}

/** Who acted, as far as the reader may know: name and office, the office alone, the system, or nothing. */
export function actorWords({ by, system }: Pick<IncidentEntry, 'by' | 'system'>): string {
  if (system) return roleName('system');
  if (by === null) return '';
  return personWords(by);
}

/** A correction, as what was and what is. */
export function changeWords({ details: { changes } }: IncidentEntry): string[] {
  if (changes === undefined) return [];
  const { category, severity } = changes;
  return [
    ...(category === undefined ? [] : [`Hành vi: ${category.from} → ${category.to}`]),
    ...(severity === undefined ? [] : [`Mức độ: ${severity.from} → ${severity.to}`]),
  ];
}
