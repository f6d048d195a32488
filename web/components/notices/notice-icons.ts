import type { Icon } from '@tabler/icons-react';
import IconArrowForwardUp from '@tabler/icons-react/icons/IconArrowForwardUp';
import IconAt from '@tabler/icons-react/icons/IconAt';
import IconBook2 from '@tabler/icons-react/icons/IconBook2';
import IconCalendarExclamation from '@tabler/icons-react/icons/IconCalendarExclamation';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconClockExclamation from '@tabler/icons-react/icons/IconClockExclamation';
import IconDatabaseExclamation from '@tabler/icons-react/icons/IconDatabaseExclamation';
import IconFlag from '@tabler/icons-react/icons/IconFlag';
import IconGavel from '@tabler/icons-react/icons/IconGavel';
import IconListDetails from '@tabler/icons-react/icons/IconListDetails';
import IconMailX from '@tabler/icons-react/icons/IconMailX';
import IconMessage from '@tabler/icons-react/icons/IconMessage';
import IconMessageQuestion from '@tabler/icons-react/icons/IconMessageQuestion';
import IconPlugConnectedX from '@tabler/icons-react/icons/IconPlugConnectedX';
import IconReportAnalytics from '@tabler/icons-react/icons/IconReportAnalytics';
import IconScale from '@tabler/icons-react/icons/IconScale';
import IconUserCheck from '@tabler/icons-react/icons/IconUserCheck';
import IconVideo from '@tabler/icons-react/icons/IconVideo';
import type { NoticeKind } from '../../../server/contracts/notices.ts';

export const noticeIcons: Record<NoticeKind, Icon> = {
  case_flagged: IconFlag,
  case_sent: IconMessageQuestion,
  case_explained: IconArrowForwardUp,
  case_awaiting_conclusion: IconGavel,
  case_concluded: IconCircleCheck,
  case_appealed: IconScale,
  case_closed: IconCircleCheck,
  case_assigned: IconUserCheck,
  case_commented: IconMessage,
  case_mentioned: IconAt,
  case_due_soon: IconClockExclamation,
  case_overdue: IconClockExclamation,
  second_reading_waiting: IconBook2,
  camera_down: IconPlugConnectedX,
  camera_up: IconVideo,
  archive_alarm: IconDatabaseExclamation,
  calendar_alarm: IconCalendarExclamation,
  delivery_failed: IconMailX,
  digest: IconReportAnalytics,
  summary: IconListDetails,
};
