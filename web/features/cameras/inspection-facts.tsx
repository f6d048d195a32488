import { useTranslation } from 'react-i18next';
import type { InspectedProfile, Inspection } from '../../../server/contracts/camera-onboarding.ts';
import { formatNumber } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import classes from './cameras.module.css';
import { useFailureWords, useSkewText } from './device-words.ts';
import { streamText } from './stream-text.ts';
import wizard from './wizard.module.css';

/** What a device is, and what its streams are like as measured. */
export function InspectionFacts({ inspection }: { inspection: Inspection }) {
  const { t } = useTranslation('cameras');
  const skew = useSkewText();
  const { device, clockSkewMs } = inspection;
  const abilities = (['ptz', 'events', 'snapshot'] as const).filter((one) => inspection[one]);
  const rows: [string, string][] = [
    [t('device.model'), [device?.manufacturer, device?.model].filter(Boolean).join(' ')],
    [t('device.firmware'), device?.firmware ?? ''],
    [t('device.serial'), device?.serial ?? ''],
    [t('device.clock'), clockSkewMs === null ? t('skew.unknown') : skew(clockSkewMs)],
    [t('device.abilities'), abilities.map((one) => t(`ability.${one}`)).join(', ')],
  ];
  const used = inspection.profiles.filter(({ stream }) => stream !== null);
  return (
    <>
      <section className={wizard.block}>
        <h3>{t('column.device')}</h3>
        <table className={classes.streams}>
          <tbody>
            {rows
              .filter(([, value]) => value !== '')
              .map(([label, value]) => (
                <tr key={label}>
                  <th scope="row">{label}</th>
                  <td>{value}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </section>
      {used.length > 0 && (
        <section className={wizard.block}>
          <h3>{t('column.streams')}</h3>
          <table className={classes.streams}>
            <tbody>
              {used.map((profile) => (
                <tr key={profile.token}>
                  <th scope="row">{t(`stream.${profile.stream ?? 'main'}`)}</th>
                  <td>
                    <Stream profile={profile} running={inspection.state === 'running'} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}

function Stream({ profile, running }: { profile: InspectedProfile; running: boolean }) {
  const { t } = useTranslation('cameras');
  const lang = useLang();
  const failure = useFailureWords();
  const { measured, measureFailure } = profile;
  const said = streamText(measured ?? profile, lang, t('perSecond')) ?? t('streamUnknown');
  if (measured === null) {
    const state = measureFailure !== null ? failure(measureFailure) : running ? t('measured.waiting') : '';
    return (
      <>
        {said}
        {state !== '' && <span className={wizard.second}>{state}</span>}
      </>
    );
  }
  const gop =
    measured.gopMs === null
      ? measured.gopLongerThanMs === null
        ? null
        : t('measured.gopLonger', { seconds: formatNumber(measured.gopLongerThanMs / 1000, lang, 1) })
      : t('measured.gop', { seconds: formatNumber(measured.gopMs / 1000, lang, 1) });
  const rate =
    measured.kilobitsPerSecond === null
      ? null
      : t('setting.kbps', { number: formatNumber(Math.round(measured.kilobitsPerSecond), lang, 0) });
  return (
    <>
      {said}
      <span className={wizard.second}>
        {[gop, rate, t('measured.over', { seconds: formatNumber(measured.measuredMs / 1000, lang, 1) })]
          .filter((part) => part !== null)
          .join(' · ')}
      </span>
    </>
  );
}
