import IconHelpCircle from '@tabler/icons-react/icons/IconHelpCircle';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import type { Me } from '../../server/contracts/session.ts';
import { Mark } from './mark.tsx';
import classes from './nav.module.css';
import { type Screen, screensOf } from './screens.ts';

const MOST_TABS = 5;

function ScreenLink({ screen, tab }: { screen: Screen; tab: boolean }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const here = pathname === screen.under || pathname.startsWith(`${screen.under}/`);
  const Glyph = screen.icon;
  return (
    <Link to={screen.to} className={tab ? classes.tab : classes.entry} aria-current={here ? 'page' : undefined}>
      <Glyph size={tab ? 24 : 22} stroke={1.8} aria-hidden />
      <span>{t(`nav.${screen.id}`)}</span>
    </Link>
  );
}

/** The screens at the left edge. */
export function Rail({ person, onHelp }: { person: Me; onHelp: () => void }) {
  const { t } = useTranslation();
  return (
    <nav className={classes.rail} aria-label={t('nav.label')}>
      <Link to="/" className={classes.mark} aria-label={t('product')}>
        <Mark size={30} />
      </Link>
      {screensOf(person).map((screen) => (
        <ScreenLink key={screen.id} screen={screen} tab={false} />
      ))}
      <button type="button" className={`${classes.entry} ${classes.help}`} onClick={onHelp}>
        <IconHelpCircle size={22} stroke={1.8} aria-hidden />
        <span>{t('nav.help')}</span>
      </button>
    </nav>
  );
}

/** The same at the bottom of a phone. */
export function Tabs({ person }: { person: Me }) {
  const { t } = useTranslation();
  return (
    <nav className={classes.tabs} aria-label={t('nav.label')}>
      {screensOf(person)
        .slice(0, MOST_TABS)
        .map((screen) => (
          <ScreenLink key={screen.id} screen={screen} tab />
        ))}
    </nav>
  );
}
