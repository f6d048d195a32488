import { useTranslation } from 'react-i18next';
import type { DiscoveredDevice } from '../../../server/contracts/discoveries.ts';
import { Digits } from '../../components/digit-clock.tsx';
import { formatTime } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import { useNow } from '../../components/use-now.ts';
import classes from './discover.module.css';
import { streamText } from './stream-text.ts';

/** The server's clock beside the camera's; `skewMs` is how far the camera is ahead. */
export function ClockCompare({ skewMs }: { skewMs: number }) {
  const { t } = useTranslation('cameras');
  const now = useNow();
  return (
    <div className={classes.clocks}>
      <div>
        <span>{t('clock.server')}</span>
        <b>
          <Digits text={formatTime(now)} />
        </b>
      </div>
      <div>
        <span>{t('clock.camera')}</span>
        <b>
          <Digits text={formatTime(now + skewMs)} />
        </b>
      </div>
    </div>
  );
}

/** What the device says of itself, folded until asked for. */
export function DeviceFacts({ device }: { device: DiscoveredDevice }) {
  const { t } = useTranslation('cameras');
  const lang = useLang();
  const rows: [string, string][] = [
    [t('device.onvif'), device.onvif],
    [t('device.model'), device.device ? `${device.device.manufacturer} ${device.device.model}` : ''],
    [t('device.firmware'), device.device?.firmware ?? ''],
    [t('device.serial'), device.device?.serial ?? ''],
    [t('device.skew'), device.clockSkewMs === null ? '' : t('device.skewMs', { ms: Math.round(device.clockSkewMs) })],
    [t('device.error'), device.errorCode ?? ''],
    ...device.profiles.map((profile): [string, string] => [
      profile.stream === null ? profile.name : t(`stream.${profile.stream}`),
      [streamText(profile, lang, t('perSecond')), profile.rtsp].filter(Boolean).join(' · '),
    ]),
  ];
  return (
    <details className={classes.facts}>
      <summary>{t('panel.technical')}</summary>
      <dl>
        {rows
          .filter(([, value]) => value.trim() !== '')
          .map(([label, value]) => (
            <div key={`${label}${value}`}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </details>
  );
}
