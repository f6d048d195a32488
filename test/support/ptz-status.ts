import { profileToken } from '../../scripts/simulator/onvif/device-model.ts';
import { createNetworkPolicy } from '../../server/cameras/networks.ts';
import { DeviceClient } from '../../server/cameras/onvif/device-client.ts';
import { namespaces } from '../../server/cameras/onvif/services.ts';
import { soapEnvelope } from '../../server/cameras/onvif/soap.ts';
import { at, textAt } from '../../server/cameras/onvif/xml.ts';
import { systemClock } from '../../server/platform/clock.ts';

/** Whether the head of a simulated camera moves, by its own word when it is asked past the server (GetStatus of the ONVIF PTZ service). */
export async function isMoving(camera: { onvif: string; username: string; password: string }): Promise<boolean> {
  const url = new URL(camera.onvif);
  const { username, password } = camera;
  const signal = AbortSignal.timeout(5_000);
  const policy = createNetworkPolicy({ allowLoopback: true, allowLinkLocal: false, allowedNetworks: [] });
  const client = new DeviceClient({ url, username, password, clock: systemClock, policy, signal });
  const profile = `<tptz:ProfileToken>${profileToken('main')}</tptz:ProfileToken>`;
  const envelope = soapEnvelope({ tptz: namespaces.ptz }, `<tptz:GetStatus>${profile}</tptz:GetStatus>`);
  const answer = await client.call(new URL('/onvif/ptz_service', url), 'GetStatus', envelope);
  return textAt(at(answer, 'PTZStatus'), 'MoveStatus', 'PanTilt') === 'MOVING';
}
