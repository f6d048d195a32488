import IconHelpCircle from '@tabler/icons-react/icons/IconHelpCircle';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import type { Me } from '../../server/contracts/session.ts';
import { useIncidents } from '../api/incidents.ts';
import { Mark } from './mark.tsx';
import classes from './nav.module.css';
import { type Screen, screensOf } from './screens.ts';

const MOST_TABS = 5;
const MOST_SHOWN = 99;

/** How many cases are open, for the mark at their screen. */
function useOpenCases(enabled: boolean): number {
  const counts = useIncidents({ open: true, limit: 1 }, { enabled }).data?.pages[0]?.counts;
  return enabled ? (counts?.open ?? 0) : 0;
}

function ScreenLink({ screen, tab }: { screen: Screen; tab: boolean }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const here = pathname === screen.under || pathname.startsWith(`${screen.under}/`);
  const Glyph = screen.icon;
  const open = useOpenCases(screen.id === 'incidents');
  return (
    <Link to={screen.to} className={tab ? classes.tab : classes.entry} aria-current={here ? 'page' : undefined}>
      <span className={classes.icon}>
        <Glyph size={tab ? 24 : 22} stroke={1.8} aria-hidden />
        {open > 0 && (
          <span className={classes.badge} aria-hidden>
            {open > MOST_SHOWN ? `${MOST_SHOWN}+` : open}
          </span>
        )}
      </span>
      <span>{t(`nav.${screen.id}`)}</span>
      {open > 0 && <span className={classes.spoken}>, {t('nav.open', { count: open })}</span>}
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
