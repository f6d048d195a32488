import type { AppError, ErrorKind } from '../platform/errors.ts';

export type Language = 'vi' | 'en';
type Words = Record<Language, string>;

/** By kind, for a code without words of its own. */
const byKind: Record<ErrorKind, Words> = {
  invalid: { vi: 'Dữ liệu gửi lên chưa đúng.', en: 'The request is not right.' },
  unauthenticated: { vi: 'Hãy đăng nhập để tiếp tục.', en: 'Sign in to go on.' },
  forbidden: { vi: 'Tài khoản không có quyền làm việc này.', en: 'Your account may not do this.' },
  not_found: { vi: 'Không tìm thấy.', en: 'Not found.' },
  conflict: { vi: 'Thao tác không còn phù hợp với dữ liệu hiện tại.', en: 'This no longer fits the present data.' },
  too_large: { vi: 'Dữ liệu gửi lên quá lớn.', en: 'The request is too large.' },
  too_slow: { vi: 'Dữ liệu gửi lên quá chậm. Hãy thử lại.', en: 'The request came too slowly. Try again.' },
  unsupported: { vi: 'Kiểu dữ liệu này không được hỗ trợ.', en: 'This kind of content is not supported.' },
  unsatisfiable: { vi: 'Khoảng yêu cầu nằm ngoài nội dung.', en: 'The range lies outside the content.' },
  too_many: { vi: 'Quá nhiều yêu cầu. Hãy thử lại sau.', en: 'Too many requests. Try again later.' },
  unavailable: { vi: 'Chưa thực hiện được lúc này. Hãy thử lại.', en: 'Not possible right now. Try again.' },
  internal: {
    vi: 'Máy chủ gặp lỗi. Quản trị viên xem chi tiết trong nhật ký.',
    en: 'The server failed. The log has the details.',
  },
};

/** Every stable code with its words. `{name}` is filled from the error's parameters. */
export const messages: Record<string, Words> = {
  address_invalid: { vi: 'Địa chỉ chưa đúng.', en: 'The address is not right.' },
  appeal_needs_someone_new: {
    vi: 'Người đã ghi nhận hoặc kết luận không được xem xét kiến nghị.',
    en: 'Whoever flagged or concluded the incident cannot judge its appeal.',
  },
  assignee_unfit: {
    vi: 'Người này không xử lý được vụ việc.',
    en: 'This person cannot act on the incident.',
  },
  attachment_empty: {
    vi: 'Tệp không có nội dung.',
    en: 'The file is empty.',
  },
  attachment_too_large: {
    vi: 'Tệp lớn quá {megabytes} MB.',
    en: 'The file is larger than {megabytes} MB.',
  },
  attachment_type: {
    vi: 'Chỉ nhận PDF, ảnh JPEG, PNG, WebP và tệp Word, Excel, PowerPoint, OpenDocument.',
    en: 'Only PDF, JPEG, PNG, WebP, and files of Word, Excel, PowerPoint or OpenDocument are taken.',
  },
  attachment_unknown: {
    vi: 'Tệp đính kèm không còn. Hãy gửi lại tệp.',
    en: 'The attached file is no longer there. Send it again.',
  },
  attachments_full: {
    vi: 'Mỗi lần trả lời kèm tối đa 10 tệp.',
    en: 'An answer takes at most 10 files.',
  },
  attachments_no_space: {
    vi: 'Máy chủ hết chỗ lưu tệp. Tệp chưa được lưu.',
    en: 'The server has no space for files. The file was not kept.',
  },
  duplicate_of_another_unit: {
    vi: 'Vụ việc kia thuộc đơn vị khác.',
    en: 'The other incident is of another unit.',
  },
  duplicate_of_duplicate: {
    vi: 'Vụ việc kia đã được đánh dấu trùng lặp. Hãy chọn vụ việc gốc.',
    en: 'The other incident is a duplicate itself. Choose the one that goes on.',
  },
  duplicate_of_itself: {
    vi: 'Vụ việc không thể trùng với chính nó.',
    en: 'An incident cannot be a duplicate of itself.',
  },
  network_range_invalid: {
    vi: 'Dải địa chỉ phải là mạng IPv4 có không quá 1.024 địa chỉ, ví dụ 10.20.3.0/24.',
    en: 'The range must be an IPv4 network of at most 1,024 addresses, e.g. 10.20.3.0/24.',
  },
  addresses_missing: { vi: 'Hãy nhập ít nhất một địa chỉ.', en: 'Enter at least one address.' },
  body_too_large: { vi: 'Nội dung gửi lên quá lớn.', en: 'The body is too large.' },
  body_too_slow: byKind.too_slow,
  body_type_unsupported: { vi: 'Nội dung phải là JSON.', en: 'The body must be JSON.' },
  body_unreadable: { vi: 'Nội dung không phải JSON hợp lệ.', en: 'The body is not valid JSON.' },
  calendar_days_uncovered: {
    vi: 'Ngày {day} hằng năm sẽ không còn lịch tuần chung nào. Hãy thêm hoặc mở rộng một lịch cho mọi đơn vị trước.',
    en: 'No weekly schedule for all units would cover {day} (day/month) of every year. Add or extend one first.',
  },
  calendar_file_too_large: { vi: 'Tệp lịch lớn hơn 1 MB.', en: 'The calendar file is larger than 1 MB.' },
  calendar_file_too_many: {
    vi: 'Tệp lịch có hơn {most} sự kiện.',
    en: 'The calendar file has more than {most} events.',
  },
  calendar_file_unreadable: {
    vi: 'Tệp không phải lịch iCalendar đọc được.',
    en: 'The file is no iCalendar that can be read.',
  },
  calendar_full: {
    vi: 'Lịch đã có đủ {most} dòng loại này. Hãy xóa bớt dòng cũ.',
    en: 'The calendar has as many rows of this kind as it may: {most}. Delete old ones.',
  },
  calendar_kind_fixed: {
    vi: 'Không đổi được loại của một dòng lịch. Hãy xóa và nhập lại.',
    en: 'A row of the calendar stays of its kind. Delete it and enter a new one.',
  },
  calendar_no_work: {
    vi: 'Cơ quan thành phố sẽ nghỉ liền hơn {days} ngày, tính đến {date}: các thời hạn không tính được. Hãy xem lại ngày nhập.',
    en: 'The offices of the city would rest for more than {days} days on end, up to {date}: terms could not be counted. Check the dates.',
  },
  calendar_row_unknown: { vi: 'Không có dòng lịch này.', en: 'There is no such row of the calendar.' },
  camera_address_invalid: { vi: 'Địa chỉ camera chưa đúng.', en: 'The camera address is not right.' },
  camera_address_not_allowed: {
    vi: 'Địa chỉ này không nằm trong mạng được phép.',
    en: 'This address is outside the allowed networks.',
  },
  camera_bad_credentials: {
    vi: 'Camera từ chối tên hoặc mật khẩu.',
    en: 'The camera refuses the username or password.',
  },
  camera_basic_only: {
    vi: 'Camera chỉ nhận mật khẩu không mã hóa. Hãy bật Digest hoặc HTTPS trên camera.',
    en: 'The camera takes only an unprotected password. Switch on Digest or HTTPS at the camera.',
  },
  camera_certificate_changed: {
    vi: 'Chứng thư của camera đã đổi. Hãy kiểm tra trước khi dùng tiếp.',
    en: 'The certificate of the camera has changed. Check before you go on.',
  },
  camera_clock_skew: {
    vi: 'Đồng hồ camera lệch nên camera từ chối đăng nhập. Hãy chỉnh giờ camera.',
    en: 'The clock of the camera is wrong, so it refuses the sign-in. Set its clock.',
  },
  camera_credentials_needed: { vi: 'Camera cần tên và mật khẩu.', en: 'The camera needs a username and password.' },
  camera_exists: { vi: 'Camera này đã có trong hệ thống: {name}.', en: 'This camera is already registered: {name}.' },
  camera_has_no_stream: { vi: 'Camera không có luồng hình dùng được.', en: 'The camera offers no usable stream.' },
  camera_host_unknown: {
    vi: 'Không tìm thấy tên máy này trong mạng.',
    en: 'This host name is not known in the network.',
  },
  camera_id_invalid: { vi: 'Mã camera chưa đúng.', en: 'The camera id is not right.' },
  camera_locked_out: {
    vi: 'Camera đang tạm khóa đăng nhập. Hãy chờ rồi thử lại.',
    en: 'The camera has locked sign-ins for now. Wait, then try again.',
  },
  camera_not_moved: {
    vi: 'Camera không được chuyển sang địa chỉ mới.',
    en: 'The camera was not moved to the new address.',
  },
  camera_not_onvif: { vi: 'Thiết bị không trả lời theo ONVIF.', en: 'The device does not answer as ONVIF.' },
  camera_unknown: { vi: 'Không có camera này.', en: 'There is no such camera.' },
  camera_no_picture: {
    vi: 'Camera chưa gửi hình. Hãy thử lại khi camera đang ghi.',
    en: 'The camera sends no picture now. Try again once it is being recorded.',
  },
  camera_refused: { vi: 'Camera từ chối yêu cầu này.', en: 'The camera refuses this.' },
  camera_without_onvif: {
    vi: 'Camera này không dùng ONVIF nên không điều khiển được.',
    en: 'This camera has no ONVIF, so nothing can be asked of it.',
  },
  reboot_running: { vi: 'Camera đang khởi động lại.', en: 'The camera is restarting already.' },
  camera_unreachable: { vi: 'Không kết nối được tới camera.', en: 'The camera cannot be reached.' },
  camera_unreadable: { vi: 'Camera trả lời nhưng không đọc được.', en: 'The camera answers, but cannot be read.' },
  cameras_full: { vi: 'Đã đủ số camera tối đa của máy chủ.', en: 'The server has its maximum of cameras.' },
  candidate_gone: {
    vi: 'Ảnh chụp thử đã hết hạn. Hãy chụp lại.',
    en: 'The still has expired. Take another one.',
  },
  category_unknown: { vi: 'Không có hành vi này trong danh mục.', en: 'There is no such category.' },
  clip_cancelled: { vi: 'Việc tạo đoạn hình đã dừng.', en: 'The making of the clip was ended.' },
  clip_failed: { vi: 'Không tạo được đoạn hình.', en: 'The clip cannot be made.' },
  clip_no_space: {
    vi: 'Máy chủ không đủ chỗ trống để tạo đoạn hình này.',
    en: 'The server has not enough free space for this clip.',
  },
  clip_too_long: {
    vi: 'Đoạn hình dài quá {hours} giờ.',
    en: 'The clip is too long; {hours} hours at most.',
  },
  clips_busy: {
    vi: 'Đang có nhiều đoạn hình được tạo. Hãy thử lại sau ít phút.',
    en: 'Several clips are being made. Try again in a few minutes.',
  },
  comment_unknown: { vi: 'Không có ý kiến này của bạn trong vụ việc.', en: 'There is no such comment of yours here.' },
  comments_full: { vi: 'Vụ việc đã đủ số ý kiến cho phép.', en: 'The incident has as many comments as it may.' },
  credentials_unreadable: {
    vi: 'Không giải mã được mật khẩu camera. Hãy nhập lại mật khẩu.',
    en: 'The camera password cannot be decrypted. Enter it again.',
  },
  csrf_token_invalid: {
    vi: 'Phiên làm việc không khớp. Hãy tải lại trang.',
    en: 'The session does not match. Reload the page.',
  },
  cursor_invalid: { vi: 'Vị trí trang không đúng.', en: 'The page cursor is not right.' },
  database_busy: {
    vi: 'Cơ sở dữ liệu đang bận. Hãy thử lại.',
    en: 'The database is busy. Try again.',
  },
  database_unavailable: {
    vi: 'Chưa kết nối được cơ sở dữ liệu. Hãy thử lại sau ít phút.',
    en: 'The database cannot be reached at present. Try again in a few minutes.',
  },
  desk_unknown: { vi: 'Đơn vị không có quầy này.', en: 'The unit has no such desk.' },
  discoveries_busy: {
    vi: 'Đang có nhiều lượt dò tìm. Hãy chờ một lượt kết thúc.',
    en: 'Several searches are under way. Wait for one to end.',
  },
  profile_exists: { vi: 'Đã có bộ thiết lập tên {name}.', en: 'There is a profile named {name} already.' },
  profile_in_use: {
    vi: 'Còn {cameras} camera dùng bộ thiết lập này.',
    en: 'It is still the profile of {cameras} cameras.',
  },
  profile_unknown: { vi: 'Không có bộ thiết lập này.', en: 'There is no such profile.' },
  profiles_full: { vi: 'Đã đủ số bộ thiết lập.', en: 'There are as many profiles as can be kept.' },
  fix_not_offered: {
    vi: 'Thiết bị không cho chỉnh mục này qua ONVIF.',
    en: 'The device cannot be asked for this by ONVIF.',
  },
  import_columns: { vi: 'Tên cột trong tệp chưa đúng.', en: 'The columns of the file are not right.' },
  import_empty: { vi: 'Tệp không có dòng nào.', en: 'The file has no rows.' },
  import_too_many: { vi: 'Tệp có quá {most} dòng.', en: 'The file has more than {most} rows.' },
  import_unreadable: { vi: 'Không đọc được tệp CSV.', en: 'The CSV file cannot be read.' },
  inspection_failed: {
    vi: 'Thiết bị này không kiểm tra được nên không chỉnh được.',
    en: 'The inspection of this device failed, so nothing can be set on it.',
  },
  inspection_other_device: {
    vi: 'Lượt kiểm tra này là của thiết bị khác.',
    en: 'That inspection is of another device.',
  },
  inspection_running: {
    vi: 'Thiết bị đang được kiểm tra. Hãy đợi một chút.',
    en: 'The device is still being inspected. Wait a moment.',
  },
  inspection_unknown: {
    vi: 'Lượt kiểm tra đã hết hạn. Hãy kiểm tra lại.',
    en: 'The inspection is over. Inspect the device again.',
  },
  inspections_busy: {
    vi: 'Đang kiểm tra quá nhiều thiết bị. Hãy thử lại sau.',
    en: 'Too many devices are being inspected. Try again later.',
  },
  picture_missing: { vi: 'Thiết bị không cho hình nào.', en: 'The device gives no picture.' },
  stream_unmeasured: { vi: 'Không đọc được luồng hình.', en: 'The stream could not be read.' },
  discovery_unknown: { vi: 'Không có lượt dò tìm này.', en: 'There is no such search.' },
  filter_invalid: { vi: 'Bộ lọc không đúng.', en: 'This is no filter of the list.' },
  filter_name_taken: { vi: 'Bạn đã có bộ lọc tên này.', en: 'You have a filter of this name.' },
  filter_unknown: { vi: 'Không có bộ lọc này.', en: 'There is no such filter.' },
  filters_full: {
    vi: 'Bạn đã lưu đủ số bộ lọc cho phép. Hãy xóa bớt.',
    en: 'You have saved as many filters as you may. Delete some.',
  },
  flagger_cannot_conclude: {
    vi: 'Người ghi nhận không được kết luận vụ việc này.',
    en: 'Whoever flagged may not conclude.',
  },
  incident_unknown: { vi: 'Không có vụ việc này.', en: 'There is no such incident.' },
  internal: byKind.internal,
  last_admin: { vi: 'Phải còn ít nhất một quản trị viên.', en: 'At least one administrator must remain.' },
  media_gone: { vi: 'Đoạn hình này không còn.', en: 'This footage is gone.' },
  not_found: byKind.not_found,
  not_permitted: byKind.forbidden,
  media_busy: {
    vi: 'Phiên này đang mở quá nhiều hình. Hãy đóng bớt rồi thử lại.',
    en: 'This session has too many pictures open. Close some and try again.',
  },
  mention_unknown: {
    vi: 'Người được nhắc không xem được vụ việc này.',
    en: 'Whoever is mentioned may not see this incident.',
  },
  nothing_corrected: {
    vi: 'Chưa có gì được đính chính.',
    en: 'Nothing is corrected.',
  },
  nothing_recorded: { vi: 'Không có ghi hình trong khoảng này.', en: 'Nothing was recorded in this stretch.' },
  playlist_request_invalid: { vi: 'Yêu cầu danh sách phát không đúng.', en: 'The playlist request is not right.' },
  playlist_timeout: { vi: 'Luồng trực tiếp chưa có phần mới.', en: 'The live stream has nothing new yet.' },
  proposal_decided: {
    vi: 'Đề xuất này vừa được người khác xử lý.',
    en: 'Somebody has just decided this proposal.',
  },
  proposal_unknown: { vi: 'Không có đề xuất này.', en: 'There is no such proposal.' },
  range_invalid: { vi: 'Khoảng byte không đúng.', en: 'The byte range is not right.' },
  range_not_satisfiable: { vi: 'Khoảng byte nằm ngoài tệp.', en: 'The byte range lies outside the file.' },
  period_too_long: { vi: 'Kỳ báo cáo quá dài.', en: 'The period of the report is too long.' },
  range_too_long: { vi: 'Khoảng thời gian dài quá 24 giờ.', en: 'The stretch is longer than 24 hours.' },
  reading_not_blind: {
    vi: 'Bạn đã mở vụ việc này sau khi kết luận, nên không đọc lại được nữa.',
    en: 'You have opened this incident since its conclusion, so you can no longer read it blind.',
  },
  reading_not_begun: {
    vi: 'Bạn chưa nhận đọc lại vụ việc này, hoặc đã có người đánh giá.',
    en: 'You have not begun this reading, or it has been judged.',
  },
  reading_unknown: { vi: 'Không có lượt đọc lại này cho bạn.', en: 'There is no such reading for you.' },
  reference_unfit: {
    vi: 'Hình lúc này quá tối hoặc không có chi tiết nên không làm ảnh chuẩn được.',
    en: 'The picture is too dark or shows nothing, so that it cannot be the reference.',
  },
  reference_unknown: { vi: 'Chưa có ảnh chuẩn này.', en: 'There is no such reference picture.' },
  request_invalid: { vi: 'Dữ liệu gửi lên chưa đúng.', en: 'The request is not right.' },
  samples_too_many: byKind.internal,
  setup_token_invalid: {
    vi: 'Liên kết thiết lập không còn hiệu lực. Khởi động lại máy chủ để có liên kết mới.',
    en: 'The set-up link is no longer valid. Restart the server for a new one.',
  },
  sign_in_busy: { vi: 'Máy chủ đang bận. Hãy thử lại.', en: 'The server is busy. Try again.' },
  sign_in_failed: { vi: 'Tên đăng nhập hoặc mật khẩu chưa đúng.', en: 'The username or password is not right.' },
  signed_out: { vi: 'Phiên làm việc đã kết thúc. Hãy đăng nhập lại.', en: 'The session has ended. Sign in again.' },
  source_invalid: { vi: 'Địa chỉ luồng hình chưa đúng.', en: 'The stream address is not right.' },
  step_out_of_order: {
    vi: 'Bước này không phù hợp với trạng thái hiện tại của vụ việc.',
    en: 'This step does not fit the present state of the incident.',
  },
  ptz_failed: {
    vi: 'Camera không nhận lệnh điều khiển hướng. Hãy thử lại.',
    en: 'The camera does not take the command. Try again.',
  },
  ptz_held: {
    vi: '{name} đang điều khiển camera này. Thử lại sau {seconds} giây.',
    en: '{name} is steering this camera. Try again in {seconds} seconds.',
  },
  ptz_part_unsupported: {
    vi: 'Camera này không làm được động tác đó.',
    en: 'This camera cannot do that.',
  },
  ptz_unsupported: { vi: 'Camera này không điều khiển hướng được.', en: 'This camera cannot be steered.' },
  list_too_long: {
    vi: 'Bộ lọc tìm thấy {count} vụ việc, nhiều hơn {most} vụ việc của một tệp. Hãy thu hẹp bộ lọc, ví dụ theo thời gian.',
    en: 'The filter finds {count} incidents, more than the {most} of one file. Narrow it, for instance by period.',
  },
  report_failed: {
    vi: 'Không tạo được tệp. Hãy thử lại; nếu vẫn lỗi, báo quản trị hệ thống.',
    en: 'The file could not be made. Try again; if it fails again, tell the administrator.',
  },
  reports_busy: {
    vi: 'Máy chủ đang tạo các tệp khác. Hãy thử lại sau ít giây.',
    en: 'The server is making other files. Try again in a few seconds.',
  },
  still_failed: { vi: 'Không lấy được ảnh.', en: 'The still cannot be made.' },
  still_missing: { vi: 'Không có ảnh của vụ việc này.', en: 'There is no still of this incident.' },
  still_pending: { vi: 'Ảnh đang được tạo.', en: 'The still is being made.' },
  stills_busy: {
    vi: 'Đang có nhiều ảnh được tạo. Hãy thử lại.',
    en: 'Many stills are being made. Try again.',
  },
  stream_not_live: { vi: 'Camera chưa có hình trực tiếp.', en: 'The camera has no live picture yet.' },
  stretch_of_another_unit: {
    vi: 'Đoạn hình không thuộc camera của đơn vị.',
    en: 'The stretch is not of a camera of the unit.',
  },
  term_not_over: {
    vi: 'Thời hạn chưa hết.',
    en: 'The term is not over yet.',
  },
  term_over: {
    vi: 'Đã hết thời hạn.',
    en: 'The term is over.',
  },
  time_out_of_bounds: { vi: 'Thời điểm nằm ngoài khoảng cho phép.', en: 'The time is out of bounds.' },
  transcode_failed: { vi: 'Không chuyển được hình sang H.264.', en: 'The picture cannot be turned into H.264.' },
  transcodes_busy: {
    vi: 'Máy chủ đang chuyển mã đủ số luồng cho phép. Hãy dùng luồng phụ, trình duyệt xem được H.265, hoặc thử lại sau.',
    en: 'The server transcodes as many streams as it may. Use the sub stream, a browser that plays H.265, or try again later.',
  },
  text_invalid: { vi: 'Văn bản có ký tự không lưu được.', en: 'The text has a character that cannot be stored.' },
  delivery_not_dead: {
    vi: 'Chỉ gửi lại được thông báo đã ngừng gửi.',
    en: 'Only a delivery that was given up can be tried anew.',
  },
  delivery_unknown: { vi: 'Không có lần gửi này.', en: 'There is no such delivery.' },
  mail_code_wrong: {
    vi: 'Mã chưa đúng hoặc đã hết hiệu lực.',
    en: 'The code is wrong or no longer valid.',
  },
  mail_codes_too_many: {
    vi: 'Đã gửi quá nhiều mã. Hãy thử lại sau một giờ.',
    en: 'Too many codes were sent. Try again in an hour.',
  },
  mail_not_offered: { vi: 'Máy chủ này không gửi thư.', en: 'This server sends no mail.' },
  mail_unknown: { vi: 'Tài khoản chưa có địa chỉ thư.', en: 'The account has no mail address.' },
  mail_verified: { vi: 'Địa chỉ thư đã được xác nhận.', en: 'The mail address is confirmed already.' },
  notice_kind_not_yours: {
    vi: 'Vai trò của bạn không nhận loại thông báo này.',
    en: 'Your role does not get this kind of notice.',
  },
  webhook_not_https: { vi: 'Địa chỉ webhook phải là https.', en: 'The address of a webhook must be https.' },
  webhook_unknown: { vi: 'Không có webhook này.', en: 'There is no such webhook.' },
  webhook_url_with_password: {
    vi: 'Địa chỉ webhook không được chứa tên và mật khẩu.',
    en: 'The address of a webhook must not contain a user and password.',
  },
  webhooks_full: { vi: 'Đã đủ số webhook tối đa.', en: 'There are as many webhooks as there may be.' },
  too_many_attempts: {
    vi: 'Đăng nhập sai quá nhiều lần. Hãy chờ rồi thử lại.',
    en: 'Too many failed sign-ins. Wait, then try again.',
  },
  unit_head_needs_unit: { vi: 'Trưởng đơn vị phải thuộc một đơn vị.', en: 'A unit head belongs to a unit.' },
  unit_not_for_role: { vi: 'Chỉ trưởng đơn vị mới gắn với một đơn vị.', en: 'Only a unit head belongs to a unit.' },
  stream_unknown: { vi: 'Camera không có luồng này.', en: 'The camera has no such stream.' },
  unit_unknown: { vi: 'Không có đơn vị này.', en: 'There is no such unit.' },
  user_unknown: { vi: 'Không có tài khoản này.', en: 'There is no such account.' },
  username_taken: { vi: 'Tên đăng nhập đã có người dùng.', en: 'The username is taken.' },
  view_unknown: { vi: 'Không có màn hình đã lưu này.', en: 'There is no such saved view.' },
  views_full: {
    vi: 'Bạn đã lưu đủ số màn hình cho phép. Hãy xóa bớt.',
    en: 'You have saved as many views as you may. Delete some.',
  },
  volume_offline: {
    vi: 'Bản ghi nằm trên ổ lưu trữ đang mất kết nối.',
    en: 'The recording lies on a volume that is offline.',
  },
  version_conflict: {
    vi: 'Nội dung này vừa được người khác cập nhật. Hãy xem lại trước khi quyết định.',
    en: 'Somebody has just changed this. Look again before you decide.',
  },
};

export function messageFor(error: AppError, language: Language): string {
  const words = messages[error.code] ?? byKind[error.kind];
  return words[language].replace(/\{(\w+)\}/g, (_, name: string) => String(error.params[name] ?? ''));
}

/** Vietnamese unless the caller says that English comes first. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const first = acceptLanguage?.split(',').find((part) => /^\s*(vi|en)\b/i.test(part));
  return first?.trim().toLowerCase().startsWith('en') ? 'en' : 'vi';
}
