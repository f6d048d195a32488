import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, Outlet, useLocation } from 'react-router';
import { lastEndReason, useRealtime } from '../api/realtime.ts';
import { useMe } from '../api/session.ts';
import { HeaderSlot } from '../components/page-header.tsx';
import { Problem } from '../components/problem.tsx';
import { SkeletonRows } from '../components/skeletons.tsx';
import { useEver } from '../components/use-ever.ts';
import { isTyping } from '../components/use-key-help.ts';
import classes from './frame.module.css';
import { Rail, Tabs } from './nav.tsx';
import { paths } from './paths.ts';
import { rememberSimulated } from './simulated.ts';
import { TopBar } from './top-bar.tsx';

const HelpDialog = lazy(() => import('./help-dialog.tsx'));

/** `?` opens the help, wherever nobody is typing. */
function useHelpKey(open: (opened: boolean) => void) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '?' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      event.preventDefault();
      open(true);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [open]);
}

/** Round every page of a signed-in person: rail (tabs on a phone), top bar, and the line to the server. */
export function Frame() {
  const { t } = useTranslation();
  const location = useLocation();
  const me = useMe();
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const [help, setHelp] = useState(false);
  const helpAsked = useEver(help);
  useHelpKey(setHelp);
  const person = me.data;
  useRealtime(Boolean(person));
  useEffect(() => {
    if (person) rememberSimulated(person.simulated);
  }, [person]);

  if (me.isPending) return <div className={classes.waiting} />;
  if (person === undefined) return <Problem error={me.error} onRetry={() => me.refetch()} />;
  if (person === null) {
    // Who leaves by choice starts anew; who was put out goes on where they were.
    const goesOn = location.pathname !== '/' && lastEndReason() !== 'signed_out';
    const from = goesOn ? `${location.pathname}${location.search}` : undefined;
    return <Navigate to={paths.signIn} replace state={{ from }} />;
  }
  // The window of a second monitor shows pictures and nothing else.
  if (location.pathname === paths.wall() && new URLSearchParams(location.search).has('bare')) {
    return (
      <main className={classes.bare} id="content">
        <Suspense fallback={null}>
          <Outlet />
        </Suspense>
      </main>
    );
  }
  return (
    <HeaderSlot.Provider value={slot}>
      <div className={classes.frame}>
        <a className={classes.skip} href="#content">
          {t('nav.skip')}
        </a>
        <Rail person={person} onHelp={() => setHelp(true)} />
        <TopBar person={person} titleRef={setSlot} onHelp={() => setHelp(true)} />
        <main className={classes.main} id="content" tabIndex={-1}>
          <Suspense fallback={<PageWaiting />}>
            <Outlet />
          </Suspense>
        </main>
        <Tabs person={person} />
        {helpAsked && (
          <Suspense fallback={null}>
            <HelpDialog opened={help} onClose={() => setHelp(false)} />
          </Suspense>
        )}
      </div>
    </HeaderSlot.Provider>
  );
}

function PageWaiting() {
  return (
    <div className={classes.pageWaiting}>
      <SkeletonRows rows={8} />
    </div>
  );
}
