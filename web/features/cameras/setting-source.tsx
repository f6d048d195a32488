import { useTranslation } from 'react-i18next';
import type { SettingName, SettingSource } from '../../../server/contracts/cameras.ts';
import classes from './wizard.module.css';

interface SettingSourceProps {
  source: SettingSource | undefined;
  /** The profile that the camera has, if it has one. */
  profileName: string | null;
  /** Whether its profile sets it. */
  inProfile: boolean;
  /** It goes back to where it would come from otherwise. */
  returns: boolean;
  onReturn: (returns: boolean) => void;
  setting: SettingName;
}

/** Where the value of a setting comes from, and the way back from the camera's own. */
export function SettingSourceNote({ source, profileName, inProfile, returns, onReturn }: SettingSourceProps) {
  const { t } = useTranslation('cameras');
  if (source === undefined) return null;
  const from =
    source === 'profile'
      ? profileName === null
        ? t('source.profileUnknown')
        : t('source.profile', { name: profileName })
      : t(`source.${source}`);
  return (
    <p className={classes.source}>
      <span>{returns ? t('source.returned') : from}</span>
      {source === 'camera' && (
        <button type="button" className={classes.link} onClick={() => onReturn(!returns)}>
          {t(returns ? 'source.keep' : inProfile ? 'source.toProfile' : 'source.toDefault')}
        </button>
      )}
    </p>
  );
}
