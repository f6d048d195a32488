import IconFlask from '@tabler/icons-react/icons/IconFlask';
import { useTranslation } from 'react-i18next';
import { useLang } from '../components/use-lang.ts';
import { setLang } from './i18n.ts';
import classes from './labels.module.css';

/** Says on every page that what is shown is made up. */
export function SimulatedLabel() {
  const { t } = useTranslation();
  return (
    <span className={classes.simulated} title={t('simulatedHint')}>
      <IconFlask size={14} stroke={1.8} aria-hidden />
      <span className={classes.long}>{t('simulated')}</span>
      <span className={classes.short} aria-hidden>
        {t('simulatedShort')}
      </span>
    </span>
  );
}

/** VI / EN */
export function LanguageSwitch() {
  const { t } = useTranslation();
  const lang = useLang();
  return (
    <fieldset className={classes.language}>
      <legend>{t('language.label')}</legend>
      <button
        type="button"
        lang="vi"
        title={t('language.vi')}
        aria-pressed={lang === 'vi'}
        onClick={() => void setLang('vi')}
      >
        VI
      </button>
      <span aria-hidden>/</span>
      <button
        type="button"
        lang="en"
        title={t('language.en')}
        aria-pressed={lang === 'en'}
        onClick={() => void setLang('en')}
      >
        EN
      </button>
    </fieldset>
  );
}
