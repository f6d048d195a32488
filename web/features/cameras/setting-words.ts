import { useTranslation } from 'react-i18next';
import type { SettingName } from '../../../server/contracts/cameras.ts';
import { partsOf, type SettingValue } from './settings-policy.ts';

/** The name of a setting of a camera, and its value, in words. */
export function useCameraSettingWords() {
  const { t } = useTranslation('cameras');
  const name = (setting: SettingName): string => {
    const { kind, stream } = partsOf(setting);
    return stream === null ? t('cameraSetting.events') : `${t(`stream.${stream}`)}: ${t(`cameraSetting.${kind}`)}`;
  };
  const value = (setting: SettingName, of: SettingValue | undefined): string => {
    if (of === undefined) return t('cameraSetting.open');
    if (of === null) return t('keeping.default');
    if (typeof of === 'number') return t('cameraSetting.days', { count: of });
    if (typeof of === 'boolean') {
      const { kind } = partsOf(setting);
      return t(`cameraSetting.${kind === 'events' ? 'events' : 'sound'}${of ? 'On' : 'Off'}`);
    }
    const mode = t(`recording.${of.mode}`);
    if (of.mode !== 'working_hours') return mode;
    return `${mode} (${t('cameraSetting.around', { lead: of.leadMinutes, tail: of.tailMinutes })})`;
  };
  return { name, value };
}
