import type { Icon } from '@tabler/icons-react';
import IconArchive from '@tabler/icons-react/icons/IconArchive';
import IconArrowForwardUp from '@tabler/icons-react/icons/IconArrowForwardUp';
import IconBan from '@tabler/icons-react/icons/IconBan';
import IconBlur from '@tabler/icons-react/icons/IconBlur';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconCircleDot from '@tabler/icons-react/icons/IconCircleDot';
import IconCopy from '@tabler/icons-react/icons/IconCopy';
import IconDatabaseX from '@tabler/icons-react/icons/IconDatabaseX';
import IconEyeOff from '@tabler/icons-react/icons/IconEyeOff';
import IconFlag from '@tabler/icons-react/icons/IconFlag';
import IconGavel from '@tabler/icons-react/icons/IconGavel';
import IconKeyOff from '@tabler/icons-react/icons/IconKeyOff';
import IconMessageQuestion from '@tabler/icons-react/icons/IconMessageQuestion';
import IconMoon from '@tabler/icons-react/icons/IconMoon';
import IconPhotoPause from '@tabler/icons-react/icons/IconPhotoPause';
import IconPlayerStop from '@tabler/icons-react/icons/IconPlayerStop';
import IconPlugConnected from '@tabler/icons-react/icons/IconPlugConnected';
import IconPlugConnectedX from '@tabler/icons-react/icons/IconPlugConnectedX';
import IconRotate from '@tabler/icons-react/icons/IconRotate';
import IconScale from '@tabler/icons-react/icons/IconScale';
import IconVideoOff from '@tabler/icons-react/icons/IconVideoOff';
import IconZoomCheck from '@tabler/icons-react/icons/IconZoomCheck';
import { useTranslation } from 'react-i18next';
import type { CameraState, StreamState } from '../../server/contracts/cameras.ts';
import type { IncidentState } from '../../server/contracts/incidents.ts';
import classes from './chip.module.css';
import { formatSince } from './time.ts';
import { useNow } from './use-now.ts';

/**
 * plain: neither good nor bad · other: waiting on someone else · mine: waiting on the reader · good: done ·
 * fault: a technical fault · mendable: a fault that configuration cures · ended: over · today, overdue: terms.
 */
export type ChipTone = 'plain' | 'other' | 'mine' | 'good' | 'fault' | 'mendable' | 'ended' | 'today' | 'overdue';

interface ChipProps {
  tone: ChipTone;
  icon: Icon;
  children: React.ReactNode;
}

/** Icon and word, 24 px high. */
export function Chip({ tone, icon: Glyph, children }: ChipProps) {
  return (
    <span className={classes.chip} data-tone-of={tone}>
      <Glyph size={14} stroke={1.8} aria-hidden />
      <span>{children}</span>
    </span>
  );
}

const INCIDENT: Record<IncidentState, { tone: ChipTone; icon: Icon }> = {
  flagged: { tone: 'plain', icon: IconFlag },
  verifying: { tone: 'plain', icon: IconZoomCheck },
  explanation_requested: { tone: 'other', icon: IconMessageQuestion },
  awaiting_conclusion: { tone: 'other', icon: IconGavel },
  concluded: { tone: 'good', icon: IconCircleCheck },
  appealed: { tone: 'other', icon: IconScale },
  closed: { tone: 'ended', icon: IconArchive },
  no_violation: { tone: 'ended', icon: IconBan },
  duplicate: { tone: 'ended', icon: IconCopy },
  referred: { tone: 'ended', icon: IconArrowForwardUp },
};

/** State of an incident. `mine` marks one that waits on the reader. */
export function IncidentStateChip({ state, mine = false }: { state: IncidentState; mine?: boolean }) {
  const { t } = useTranslation();
  const { tone, icon } = INCIDENT[state];
  return (
    <Chip tone={mine ? 'mine' : tone} icon={icon}>
      {t(`incidentState.${state}`)}
    </Chip>
  );
}

const CAMERA: Record<CameraState, { tone: ChipTone; icon: Icon }> = {
  connecting: { tone: 'plain', icon: IconPlugConnected },
  online: { tone: 'good', icon: IconCircleDot },
  offline: { tone: 'fault', icon: IconPlugConnectedX },
  auth_failed: { tone: 'fault', icon: IconKeyOff },
  stopped: { tone: 'ended', icon: IconPlayerStop },
};
/** `frozen`: recorded, and the picture is the same all the time; the rest: what is wrong with a picture that comes. */
type ShownStreamState = StreamState | 'frozen' | 'covered' | 'moved' | 'dark' | 'out_of_focus';
const STREAM: Record<ShownStreamState, { tone: ChipTone; icon: Icon }> = {
  connecting: CAMERA.connecting,
  recording: CAMERA.online,
  stalled: { tone: 'fault', icon: IconVideoOff },
  offline: CAMERA.offline,
  auth_failed: CAMERA.auth_failed,
  disk_failed: { tone: 'fault', icon: IconDatabaseX },
  stopped: CAMERA.stopped,
  frozen: { tone: 'fault', icon: IconPhotoPause },
  covered: { tone: 'fault', icon: IconEyeOff },
  moved: { tone: 'fault', icon: IconRotate },
  dark: { tone: 'fault', icon: IconMoon },
  out_of_focus: { tone: 'fault', icon: IconBlur },
};

/** Icon of a camera's state, for places that draw their own frame round it (tiles, lists). */
export const cameraStateIcon = (state: CameraState): Icon => CAMERA[state].icon;
/** Icon of a stream's state. */
export const streamStateIcon = (state: ShownStreamState): Icon => STREAM[state].icon;

interface StateProps<S> {
  state: S;
  /** When the state began; shown for every state but the good one. */
  sinceMs?: number;
}

function Since({ word, sinceMs }: { word: string; sinceMs: number | undefined }) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  return sinceMs === undefined ? word : t('stateSince', { state: word, time: formatSince(sinceMs, now) });
}

/** State of a camera: `Mất kết nối từ 08:51`. */
export function CameraStateChip({ state, sinceMs }: StateProps<CameraState>) {
  const { t } = useTranslation();
  const { tone, icon } = CAMERA[state];
  return (
    <Chip tone={tone} icon={icon}>
      <Since word={t(`cameraState.${state}`)} sinceMs={state === 'online' ? undefined : sinceMs} />
    </Chip>
  );
}

/** State of one stream of a camera. */
export function StreamStateChip({ state, sinceMs }: StateProps<ShownStreamState>) {
  const { t } = useTranslation();
  const { tone, icon } = STREAM[state];
  return (
    <Chip tone={tone} icon={icon}>
      <Since word={t(`streamState.${state}`)} sinceMs={state === 'recording' ? undefined : sinceMs} />
    </Chip>
  );
}
