import { useTranslation } from 'react-i18next';
import type { Advice, DeviceChange, FixResult } from '../../../server/contracts/camera-onboarding.ts';
import { useSpanText } from '../../components/span-text.ts';
import { formatNumber } from '../../components/time.ts';
import { useLang } from '../../components/use-lang.ts';
import { codecName } from './stream-text.ts';

/** Advice in plain words: what it is, and what it costs to leave it so. */
export function useAdviceWords(): (advice: Pick<Advice, 'code' | 'params'>) => { title: string; why: string } {
  const { t } = useTranslation('cameras');
  const lang = useLang();
  const skew = useSkewText();
  return ({ code, params }) => {
    const words = Object.fromEntries(
      Object.entries(params).map(([key, value]) => [
        key,
        typeof value === 'number' ? formatNumber(value, lang, 1) : value,
      ]),
    );
    const { seconds } = words;
    const span = params.atLeast === 1 ? t('advice.atLeast', { seconds }) : t('advice.seconds', { seconds });
    const codec = typeof params.codec === 'string' ? codecName(params.codec) : '';
    const text = { ...words, span, codec, skew: skew(Number(params.skewMs ?? 0)) };
    return { title: t(`advice.${code}.title`, text), why: t(`advice.${code}.why`, text) };
  };
}

/** `nhanh 6 phút`; under a second it is right. */
export function useSkewText(): (skewMs: number) => string {
  const { t } = useTranslation('cameras');
  const span = useSpanText();
  return (skewMs) =>
    Math.abs(skewMs) < 1_000
      ? t('skew.right')
      : t(skewMs > 0 ? 'skew.ahead' : 'skew.behind', { span: span(Math.abs(skewMs)) });
}

/** The name and the value of what is set on a device. */
export function useSettingWords() {
  const { t } = useTranslation('cameras');
  const lang = useLang();
  const skew = useSkewText();
  const value = ({ setting }: DeviceChange, raw: string | null): string => {
    if (raw === null) return t('setting.untold');
    const number = formatNumber(Number(raw), lang, 1);
    if (setting === 'clock_skew_ms') return skew(Number(raw));
    if (setting === 'encoding') return codecName(raw);
    if (setting === 'resolution') return raw.replace('x', '×');
    if (setting === 'gop_frames') return t('setting.frames', { number });
    if (setting === 'fps') return `${number} ${t('perSecond')}`;
    if (setting === 'bitrate_kbps') return t('setting.kbps', { number });
    if (setting === 'time_source') return t(raw === 'ntp' ? 'setting.ntp' : 'setting.manual');
    return raw;
  };
  return {
    name: ({ setting, stream }: DeviceChange) =>
      stream === null ? t(`setting.${setting}`) : `${t(`stream.${stream}`)}: ${t(`setting.${setting}`)}`,
    before: (change: DeviceChange) => value(change, change.before),
    after: (change: DeviceChange) => value(change, change.after),
  };
}

/** Why something failed on a device, by its code. */
export function useFailureWords(): (code: string | null) => string {
  const { t, i18n } = useTranslation(['cameras', 'common']);
  return (code) => {
    for (const key of ['cameras:failure', 'common:error', 'common:cause', 'cameras:errorCode'].map(
      (at) => `${at}.${code}`,
    )) {
      if (code !== null && i18n.exists(key)) return t(key);
    }
    return t('failure.other', { code: code ?? '' });
  };
}

/** What became of a fix. */
export function useFixWords(): (result: Pick<FixResult, 'state' | 'errorCode'>) => string {
  const { t } = useTranslation('cameras');
  const failure = useFailureWords();
  return ({ state, errorCode }) => (state === 'refused' ? failure(errorCode) : t(`fixed.${state}`));
}
