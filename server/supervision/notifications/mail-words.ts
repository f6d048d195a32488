import type { Conclusion } from '../../contracts/incidents.ts';
import type { NoticeKind, NoticeLanguage } from '../../contracts/notices.ts';

type Words = Record<NoticeLanguage, string>;

/** Subject of a mail about one thing. `{number}`, `{camera}` … are filled in. */
export const titles: Record<NoticeKind, Words> = {
  case_flagged: { vi: 'Vụ việc mới {number}', en: 'New incident {number}' },
  case_sent: { vi: 'Yêu cầu giải trình vụ việc {number}', en: 'An explanation is asked for: incident {number}' },
  case_explained: { vi: 'Đơn vị đã giải trình vụ việc {number}', en: 'The unit has explained incident {number}' },
  case_awaiting_conclusion: { vi: 'Vụ việc {number} chờ kết luận', en: 'Incident {number} awaits a conclusion' },
  case_concluded: { vi: 'Đã có kết luận vụ việc {number}', en: 'Incident {number} is concluded' },
  case_appealed: {
    vi: 'Đơn vị kiến nghị xem xét lại vụ việc {number}',
    en: 'The unit appeals the conclusion of incident {number}',
  },
  case_closed: { vi: 'Vụ việc {number} đã kết thúc', en: 'Incident {number} has ended' },
  case_assigned: { vi: 'Bạn được giao vụ việc {number}', en: 'Incident {number} is assigned to you' },
  case_commented: { vi: 'Trao đổi mới trong vụ việc {number}', en: 'New comment on incident {number}' },
  case_mentioned: { vi: 'Bạn được nhắc đến trong vụ việc {number}', en: 'You are mentioned in incident {number}' },
  case_due_soon: { vi: 'Vụ việc {number} sắp hết hạn', en: 'Incident {number} is due soon' },
  case_overdue: { vi: 'Vụ việc {number} đã quá hạn', en: 'Incident {number} is overdue' },
  second_reading_waiting: { vi: 'Có vụ việc chờ đọc lại độc lập', en: 'A second reading is waiting for you' },
  camera_down: { vi: 'Camera gặp sự cố: {camera}', en: 'Camera in trouble: {camera}' },
  camera_up: { vi: 'Camera hoạt động lại: {camera}', en: 'Camera well again: {camera}' },
  calendar_alarm: {
    vi: 'Chưa nhập ngày nghỉ trong lịch làm việc',
    en: 'Days off are not entered in the working calendar',
  },
  archive_alarm: { vi: 'Cảnh báo lưu trữ ghi hình', en: 'Alarm of the recording archive' },
  delivery_failed: { vi: 'Không gửi được thông báo', en: 'A notification could not be delivered' },
  digest: { vi: 'Tổng hợp tình hình ngày {date}', en: 'Digest of {date}' },
  summary: { vi: '{count} thông báo khác trong giờ qua', en: '{count} more notices in the past hour' },
};

/** The same about several at once. */
export const manyTitles: Partial<Record<NoticeKind, Words>> = {
  case_flagged: { vi: '{count} vụ việc mới', en: '{count} new incidents' },
  case_sent: { vi: '{count} vụ việc cần giải trình', en: '{count} incidents to explain' },
  case_explained: { vi: '{count} vụ việc đã được giải trình', en: '{count} incidents were explained' },
  case_awaiting_conclusion: { vi: '{count} vụ việc chờ kết luận', en: '{count} incidents await a conclusion' },
  case_concluded: { vi: '{count} vụ việc đã có kết luận', en: '{count} incidents were concluded' },
  case_appealed: { vi: '{count} vụ việc được kiến nghị xem xét lại', en: '{count} conclusions were appealed' },
  case_closed: { vi: '{count} vụ việc đã kết thúc', en: '{count} incidents have ended' },
  case_assigned: { vi: 'Bạn được giao {count} vụ việc', en: '{count} incidents are assigned to you' },
  case_due_soon: { vi: '{count} vụ việc sắp hết hạn', en: '{count} incidents are due soon' },
  case_overdue: { vi: '{count} vụ việc đã quá hạn', en: '{count} incidents are overdue' },
  second_reading_waiting: { vi: '{count} vụ việc chờ đọc lại độc lập', en: '{count} second readings are waiting' },
  camera_down: { vi: '{count} camera gặp sự cố', en: '{count} cameras in trouble' },
  camera_up: { vi: '{count} camera hoạt động lại', en: '{count} cameras well again' },
  delivery_failed: { vi: '{count} thông báo không gửi được', en: '{count} notifications could not be delivered' },
};

export const stateWords: Readonly<Record<string, Words>> = {
  flagged: { vi: 'Mới ghi nhận', en: 'Flagged' },
  verifying: { vi: 'Đang xác minh', en: 'Verifying' },
  explanation_requested: { vi: 'Yêu cầu giải trình', en: 'Explanation requested' },
  awaiting_conclusion: { vi: 'Chờ kết luận', en: 'Awaiting conclusion' },
  concluded: { vi: 'Đã kết luận', en: 'Concluded' },
  appealed: { vi: 'Đang kiến nghị xem xét lại', en: 'Appealed' },
  closed: { vi: 'Đóng', en: 'Closed' },
  no_violation: { vi: 'Không vi phạm', en: 'No violation' },
  duplicate: { vi: 'Trùng lặp', en: 'Duplicate' },
  referred: { vi: 'Chuyển xử lý kỷ luật', en: 'Referred' },
};

export const conclusionWords: Record<Conclusion, Words> = {
  reminder: { vi: 'Nhắc nhở', en: 'Reminder' },
  criticism: { vi: 'Phê bình', en: 'Criticism' },
  rectify: { vi: 'Chấn chỉnh', en: 'Rectify' },
  referred: { vi: 'Chuyển xử lý kỷ luật', en: 'Referred' },
};

export const severityWords: Record<1 | 2 | 3, Words> = {
  1: { vi: 'Lưu ý', en: 'Minor' },
  2: { vi: 'Cần xử lý', en: 'To act on' },
  3: { vi: 'Khẩn', en: 'Urgent' },
};

/** By the code of the trouble or the alarm; another code is written as it is. */
export const troubleWords: Readonly<Record<string, Words>> = {
  offline: { vi: 'mất kết nối', en: 'offline' },
  auth_failed: { vi: 'từ chối mật khẩu', en: 'refuses the password' },
  frozen: { vi: 'hình đứng yên', en: 'frozen picture' },
  covered: { vi: 'bị che', en: 'covered' },
  moved: { vi: 'bị lệch', en: 'turned' },
  dark: { vi: 'hình tối', en: 'dark picture' },
  out_of_focus: { vi: 'hình mờ', en: 'out of focus' },
  disk_full: { vi: 'ổ lưu trữ đầy', en: 'the disk is full' },
  holidays_missing: { vi: 'chưa có ngày nghỉ của năm tới', en: 'no days off for the next year' },
  disk_error: { vi: 'ổ lưu trữ lỗi', en: 'the disk fails' },
};

export const lines = {
  category: { vi: 'Hành vi', en: 'Category' },
  severity: { vi: 'Mức độ', en: 'Severity' },
  unit: { vi: 'Đơn vị', en: 'Unit' },
  camera: { vi: 'Camera', en: 'Camera' },
  state: { vi: 'Trạng thái', en: 'State' },
  conclusion: { vi: 'Kết luận', en: 'Conclusion' },
  due: { vi: 'Thời hạn', en: 'Deadline' },
  alarm: { vi: 'Cảnh báo', en: 'Alarm' },
  open: { vi: 'Vụ việc đang mở', en: 'Open incidents' },
  overdue: { vi: 'Quá hạn', en: 'Overdue' },
  camerasDown: { vi: 'Camera mất kết nối', en: 'Cameras down' },
  coverage: { vi: 'Tỷ lệ ghi hình ngày trước', en: 'Coverage of the day before' },
  unknown: { vi: 'chưa có số liệu', en: 'not known' },
  more: { vi: 'và {count} mục khác', en: 'and {count} more' },
  openLink: { vi: 'Xem trên Liên Thông', en: 'Open in Liên Thông' },
  footer: {
    vi: 'Thư tự động của hệ thống Liên Thông. Chọn loại thông báo nhận qua thư trong mục Thông báo của tài khoản.',
    en: 'Sent by Liên Thông. Choose which notices you get by mail under Notices of your account.',
  },
  verifySubject: { vi: 'Mã xác nhận địa chỉ thư', en: 'Code to confirm your mail address' },
  verifyText: {
    vi: 'Mã xác nhận của bạn là {code}. Mã có hiệu lực trong 24 giờ. Nếu bạn không yêu cầu, hãy bỏ qua thư này.',
    en: 'Your code is {code}. It is valid for 24 hours. If you did not ask for it, ignore this mail.',
  },
  testSubject: { vi: 'Thư thử', en: 'Test mail' },
  testText: { vi: 'Máy chủ gửi được thư tới địa chỉ này.', en: 'The server can send mail to this address.' },
} as const satisfies Record<string, Words>;
