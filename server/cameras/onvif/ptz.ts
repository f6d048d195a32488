import type { PtzAbilities, PtzPreset } from '../../contracts/ptz.ts';
import type { DeviceClient } from './device-client.ts';
import { namespaces, readServices } from './services.ts';
import { soapEnvelope } from './soap.ts';
import { all, at, escapeXml, numberAt, textAt, type XmlElement } from './xml.ts';

/** Shares of the camera's range, −1 to 1; a zoom position 0 to 1. */
export interface PtzVector {
  pan: number;
  tilt: number;
  zoom: number;
}

interface Range {
  min: number;
  max: number;
}
interface Space {
  x: Range;
  y: Range;
}

const mostPresets = 64;
const schema = 'http://www.onvif.org/ver10/schema';

/**
 * The PTZ service of one device (ONVIF PTZ, section 5). The requests are the project's own: node-onvif's class names pan and tilt to a
 * camera that only zooms, and leaves out a zoom of zero. Errors of every call: `OnvifError`.
 */
export class PtzDevice {
  readonly abilities: PtzAbilities;
  readonly #client: DeviceClient;
  readonly #url: URL;
  readonly #profile: string;
  readonly #spaces: XmlElement | undefined;

  private constructor(client: DeviceClient, url: URL, profile: string, node: XmlElement) {
    this.#client = client;
    this.#url = url;
    this.#profile = profile;
    this.#spaces = at(node, 'SupportedPTZSpaces');
    const has = (name: string) => at(this.#spaces, name) !== undefined;
    this.abilities = {
      panTilt: has('ContinuousPanTiltVelocitySpace'),
      zoom: has('ContinuousZoomVelocitySpace'),
      absolute: has('AbsolutePanTiltPositionSpace'),
      relative: has('RelativePanTiltTranslationSpace'),
      mostPresets: Math.max(0, Math.min(10_000, Math.round(numberAt(node, 'MaximumNumberOfPresets') ?? 0))),
    };
  }

  /** Null where the device has no PTZ service or no node that moves. */
  static async open(client: DeviceClient, profile: string): Promise<PtzDevice | null> {
    await client.readClock().catch(() => null);
    const { services } = await readServices(client);
    const url = services.find((service) => service.namespace === namespaces.ptz)?.address.url;
    if (!url) return null;
    const nodes = all(await send(client, url, 'GetNodes', '<tptz:GetNodes/>'), 'PTZNode');
    const device = nodes[0] && new PtzDevice(client, url, profile, nodes[0]);
    return device && (device.abilities.panTilt || device.abilities.zoom) ? device : null;
  }

  /** Goes on until it is stopped, or, as the camera keeps time itself, until the timeout (section 5.3.3). */
  async move(velocity: PtzVector, timeoutMs: number): Promise<void> {
    const { panTilt, zoom } = this.abilities;
    const parts =
      (panTilt ? this.#pair('ContinuousPanTiltVelocitySpace', velocity) : '') +
      (zoom ? this.#zoom('ContinuousZoomVelocitySpace', velocity.zoom, true) : '');
    await this.#send(
      'ContinuousMove',
      `<tptz:Velocity>${parts}</tptz:Velocity><tptz:Timeout>PT${(timeoutMs / 1_000).toFixed(1)}S</tptz:Timeout>`,
    );
  }

  async stop(): Promise<void> {
    await this.#send('Stop', '<tptz:PanTilt>true</tptz:PanTilt><tptz:Zoom>true</tptz:Zoom>');
  }

  /** To a place, each part a share of its whole range. */
  async absolute({ pan, tilt, zoom }: { pan: number; tilt: number; zoom?: number | undefined }): Promise<void> {
    const parts =
      this.#pair('AbsolutePanTiltPositionSpace', { pan, tilt }) +
      (zoom === undefined ? '' : this.#zoom('AbsoluteZoomPositionSpace', zoom, false));
    await this.#send('AbsoluteMove', `<tptz:Position>${parts}</tptz:Position>`);
  }

  async relative(by: PtzVector): Promise<void> {
    const parts =
      this.#pair('RelativePanTiltTranslationSpace', by) +
      (by.zoom === 0 ? '' : this.#zoom('RelativeZoomTranslationSpace', by.zoom, true));
    await this.#send('RelativeMove', `<tptz:Translation>${parts}</tptz:Translation>`);
  }

  async presets(): Promise<PtzPreset[]> {
    if (this.abilities.mostPresets === 0) return [];
    return all(await this.#send('GetPresets', ''), 'Preset')
      .slice(0, mostPresets)
      .flatMap((preset) => {
        const token = preset.attributes.get('token')?.slice(0, 64);
        return token ? [{ token, name: (textAt(preset, 'Name') ?? token).slice(0, 64) }] : [];
      });
  }

  async goTo(preset: string): Promise<void> {
    await this.#send('GotoPreset', `<tptz:PresetToken>${escapeXml(preset)}</tptz:PresetToken>`);
  }

  /** Keeps where the camera looks now, as a new preset or in the place of one. */
  async setPreset(name: string, preset: string | undefined): Promise<void> {
    const place = preset === undefined ? '' : `<tptz:PresetToken>${escapeXml(preset)}</tptz:PresetToken>`;
    await this.#send('SetPreset', `<tptz:PresetName>${escapeXml(name)}</tptz:PresetName>${place}`);
  }

  async removePreset(preset: string): Promise<void> {
    await this.#send('RemovePreset', `<tptz:PresetToken>${escapeXml(preset)}</tptz:PresetToken>`);
  }

  #send(operation: string, parts: string): Promise<XmlElement> {
    const profile = `<tptz:ProfileToken>${escapeXml(this.#profile)}</tptz:ProfileToken>`;
    return send(this.#client, this.#url, operation, `<tptz:${operation}>${profile}${parts}</tptz:${operation}>`);
  }

  #pair(space: string, { pan, tilt }: { pan: number; tilt: number }): string {
    const { x, y } = this.#space(space, -1);
    return `<tt:PanTilt x="${scaled(pan, x)}" y="${scaled(tilt, y)}"/>`;
  }

  /** `signed`: the share runs from −1 to 1, else from 0 to 1. */
  #zoom(space: string, share: number, signed: boolean): string {
    const { x } = this.#space(space, signed ? -1 : 0);
    return `<tt:Zoom x="${scaled(signed ? share : share * 2 - 1, x)}"/>`;
  }

  #space(name: string, least: number): Space {
    const space = at(this.#spaces, name);
    const range = (axis: string): Range => ({
      min: numberAt(space, axis, 'Min') ?? least,
      max: numberAt(space, axis, 'Max') ?? 1,
    });
    return { x: range('XRange'), y: range('YRange') };
  }
}

/** A share from −1 to 1 in the device's own units; a zero between the ends stays zero, so that nothing creeps. */
function scaled(share: number, { min, max }: Range): number {
  const value = min < 0 && max > 0 ? share * (share < 0 ? -min : max) : min + ((share + 1) / 2) * (max - min);
  return Math.round(value * 10_000) / 10_000 || 0;
}

function send(client: DeviceClient, url: URL, operation: string, body: string): Promise<XmlElement> {
  return client.call(url, operation, soapEnvelope({ tptz: namespaces.ptz, tt: schema }, body));
}
