import type { Icon } from '@tabler/icons-react';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconClockExclamation from '@tabler/icons-react/icons/IconClockExclamation';
import IconCopyCheck from '@tabler/icons-react/icons/IconCopyCheck';
import IconKey from '@tabler/icons-react/icons/IconKey';
import IconKeyOff from '@tabler/icons-react/icons/IconKeyOff';
import IconLoader2 from '@tabler/icons-react/icons/IconLoader2';
import IconPlugConnectedX from '@tabler/icons-react/icons/IconPlugConnectedX';
import IconQuestionMark from '@tabler/icons-react/icons/IconQuestionMark';
import { useTranslation } from 'react-i18next';
import type { DiscoveredDevice } from '../../../server/contracts/discoveries.ts';
import { Chip, type ChipTone } from '../../components/chip.tsx';

const LOOKS: Record<DiscoveredDevice['state'], { tone: ChipTone; icon: Icon }> = {
  probing: { tone: 'other', icon: IconLoader2 },
  ready: { tone: 'good', icon: IconCircleCheck },
  credentials_needed: { tone: 'mendable', icon: IconKey },
  bad_credentials: { tone: 'fault', icon: IconKeyOff },
  clock_skew: { tone: 'fault', icon: IconClockExclamation },
  unreachable: { tone: 'fault', icon: IconPlugConnectedX },
  not_onvif: { tone: 'mendable', icon: IconQuestionMark },
  failed: { tone: 'fault', icon: IconAlertTriangle },
};

/** What trying a device has come to; one that is registered already says only that. */
export function DeviceChip({ device }: { device: DiscoveredDevice }) {
  const { t } = useTranslation('cameras');
  if (device.cameraId !== null) {
    return (
      <Chip tone="ended" icon={IconCopyCheck}>
        {t('found.present')}
      </Chip>
    );
  }
  const { tone, icon } = LOOKS[device.state];
  return (
    <Chip tone={tone} icon={icon}>
      {t(`found.${device.state}`)}
    </Chip>
  );
}
