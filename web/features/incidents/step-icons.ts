import type { Icon } from '@tabler/icons-react';
import IconArchive from '@tabler/icons-react/icons/IconArchive';
import IconArrowForwardUp from '@tabler/icons-react/icons/IconArrowForwardUp';
import IconBan from '@tabler/icons-react/icons/IconBan';
import IconCopy from '@tabler/icons-react/icons/IconCopy';
import IconGavel from '@tabler/icons-react/icons/IconGavel';
import IconMessageQuestion from '@tabler/icons-react/icons/IconMessageQuestion';
import IconPencil from '@tabler/icons-react/icons/IconPencil';
import IconPlayerTrackNext from '@tabler/icons-react/icons/IconPlayerTrackNext';
import IconScale from '@tabler/icons-react/icons/IconScale';
import IconSend from '@tabler/icons-react/icons/IconSend';
import IconUserPlus from '@tabler/icons-react/icons/IconUserPlus';
import IconZoomCheck from '@tabler/icons-react/icons/IconZoomCheck';
import type { IncidentStep } from '../../../server/contracts/incidents.ts';

/** The icon of each step, the same wherever it is offered. */
export const STEP_ICONS: Record<IncidentStep, Icon> = {
  verify: IconZoomCheck,
  request_explanation: IconMessageQuestion,
  explain: IconSend,
  proceed: IconPlayerTrackNext,
  conclude: IconGavel,
  dismiss: IconBan,
  refer: IconArrowForwardUp,
  mark_duplicate: IconCopy,
  correct: IconPencil,
  appeal: IconScale,
  judge_appeal: IconScale,
  close: IconArchive,
  assign: IconUserPlus,
};
