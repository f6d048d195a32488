import type { Inspection } from '../../../server/contracts/camera-onboarding.ts';
import type { Found } from './discovery-policy.ts';
import type { DiscoverySession } from './discovery-session.ts';
import type { useAddDevices } from './use-add-devices.ts';
import type { useInspectDevices } from './use-inspect-devices.ts';

export interface DevicePanelProps {
  found: Found;
  session: DiscoverySession;
  inspection: Inspection | undefined;
  inspecting: ReturnType<typeof useInspectDevices>;
  adding: ReturnType<typeof useAddDevices>;
  onClose: () => void;
}
