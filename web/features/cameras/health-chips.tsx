import type { Icon } from '@tabler/icons-react';
import IconArrowsMove from '@tabler/icons-react/icons/IconArrowsMove';
import IconBlur from '@tabler/icons-react/icons/IconBlur';
import IconClockX from '@tabler/icons-react/icons/IconClockX';
import IconEyeOff from '@tabler/icons-react/icons/IconEyeOff';
import IconMoon from '@tabler/icons-react/icons/IconMoon';
import { useTranslation } from 'react-i18next';
import type { CameraHealth } from '../../../server/contracts/camera-health.ts';
import { Chip } from '../../components/chip.tsx';
import { formatSince } from '../../components/time.ts';
import { useNow } from '../../components/use-now.ts';

/** What the state of a camera does not say: that it records, and not what it should. */
const SHOWN: Readonly<Record<string, Icon>> = {
  dark: IconMoon,
  covered: IconEyeOff,
  moved: IconArrowsMove,
  out_of_focus: IconBlur,
  clock_wrong: IconClockX,
};

/** A chip for each trouble of picture and clock. */
export function HealthChips({ health }: { health: CameraHealth | undefined }) {
  const { t } = useTranslation('health');
  const now = useNow(60_000);
  const troubles = (health?.parts ?? []).filter(({ state, cause }) => state === 'trouble' && cause !== null);
  return troubles.map(({ part, cause, sinceMs }) => {
    const Glyph = SHOWN[cause ?? ''];
    if (Glyph === undefined) return null;
    return (
      <Chip key={part} tone={part === 'clock' ? 'mendable' : 'fault'} icon={Glyph}>
        {t('since', { state: t(`cause.${cause}`), time: formatSince(sinceMs, now) })}
      </Chip>
    );
  });
}
