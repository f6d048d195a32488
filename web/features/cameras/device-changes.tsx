import IconArrowNarrowRight from '@tabler/icons-react/icons/IconArrowNarrowRight';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconCircleDashed from '@tabler/icons-react/icons/IconCircleDashed';
import { useTranslation } from 'react-i18next';
import type { DeviceChange, FixResult } from '../../../server/contracts/camera-onboarding.ts';
import { useFixWords, useSettingWords } from './device-words.ts';
import classes from './wizard.module.css';

/** Settings of a device, each before and after. */
export function DeviceChanges({ changes }: { changes: readonly DeviceChange[] }) {
  const { t } = useTranslation('cameras');
  const words = useSettingWords();
  return (
    <ul className={classes.changes}>
      {changes.map((change) => (
        <li key={`${change.setting} ${change.stream}`}>
          <span className={classes.setting}>{words.name(change)}</span>
          <span className={classes.values}>
            {words.before(change)}
            <IconArrowNarrowRight size={16} stroke={1.8} role="img" aria-label={t('setting.becomes')} />
            <b>{words.after(change)}</b>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What was changed on a device, as read back from it. */
export function FixAccount({ results }: { results: readonly FixResult[] }) {
  const { t } = useTranslation('cameras');
  const words = useFixWords();
  return (
    <ul className={classes.account} aria-live="polite">
      {results.map((result, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an account only grows
        <li key={at}>
          {result.state === 'done' ? (
            <IconCircleCheck size={18} stroke={1.8} aria-hidden data-good />
          ) : (
            <IconCircleDashed size={18} stroke={1.8} aria-hidden />
          )}
          <div>
            <p>
              <b>{t(`advice.${result.code}.fix`)}</b> · {words(result)}
            </p>
            {result.changes.length > 0 && <DeviceChanges changes={result.changes} />}
          </div>
        </li>
      ))}
    </ul>
  );
}
