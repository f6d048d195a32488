import { __iconNode as IconCalendarOff } from '@tabler/icons-react/icons/IconCalendarOff';
import { __iconNode as IconClockEdit } from '@tabler/icons-react/icons/IconClockEdit';
import { __iconNode as IconDatabaseX } from '@tabler/icons-react/icons/IconDatabaseX';
import { __iconNode as IconHelpCircle } from '@tabler/icons-react/icons/IconHelpCircle';
import { __iconNode as IconKeyOff } from '@tabler/icons-react/icons/IconKeyOff';
import { __iconNode as IconPlugConnectedX } from '@tabler/icons-react/icons/IconPlugConnectedX';
import { __iconNode as IconServerOff } from '@tabler/icons-react/icons/IconServerOff';
import { __iconNode as IconTool } from '@tabler/icons-react/icons/IconTool';
import { __iconNode as IconTrash } from '@tabler/icons-react/icons/IconTrash';
import { __iconNode as IconVideoOff } from '@tabler/icons-react/icons/IconVideoOff';
import { __iconNode as IconWifiOff } from '@tabler/icons-react/icons/IconWifiOff';
import type { GapReason } from '../../../server/contracts/timeline.ts';

const icons: Record<GapReason, IconNode> = {
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

type IconNode = typeof IconVideoOff;
const glyphs = new Map<GapReason, Path2D>();

/** What a reason looks like, as lines of a canvas in a square of 24. */
export function gapGlyph(reason: GapReason): Path2D {
  const known = glyphs.get(reason) ?? new Path2D();
  if (!glyphs.has(reason)) {
    for (const [, { d }] of icons[reason]) if (d) known.addPath(new Path2D(d));
    glyphs.set(reason, known);
  }
  return known;
}
