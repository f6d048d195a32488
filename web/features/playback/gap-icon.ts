import type { Icon } from '@tabler/icons-react';
import IconCalendarOff from '@tabler/icons-react/icons/IconCalendarOff';
import IconClockEdit from '@tabler/icons-react/icons/IconClockEdit';
import IconDatabaseX from '@tabler/icons-react/icons/IconDatabaseX';
import IconHelpCircle from '@tabler/icons-react/icons/IconHelpCircle';
import IconKeyOff from '@tabler/icons-react/icons/IconKeyOff';
import IconPlugConnectedX from '@tabler/icons-react/icons/IconPlugConnectedX';
import IconServerOff from '@tabler/icons-react/icons/IconServerOff';
import IconTool from '@tabler/icons-react/icons/IconTool';
import IconTrash from '@tabler/icons-react/icons/IconTrash';
import IconVideoOff from '@tabler/icons-react/icons/IconVideoOff';
import IconWifiOff from '@tabler/icons-react/icons/IconWifiOff';
import type { GapReason } from '../../../server/contracts/timeline.ts';

const icons: Record<GapReason, Icon> = {
  camera_offline: IconPlugConnectedX,
  auth_failed: IconKeyOff,
  network: IconWifiOff,
  stream_stalled: IconVideoOff,
  server_stopped: IconServerOff,
  server_crashed: IconServerOff,
  disk_full: IconDatabaseX,
  disk_error: IconDatabaseX,
  clock_jump: IconClockEdit,
  schedule: IconCalendarOff,
  policy_deleted: IconTrash,
  planned: IconTool,
  unknown: IconHelpCircle,
};

export const gapIcon = (reason: GapReason): Icon => icons[reason];
