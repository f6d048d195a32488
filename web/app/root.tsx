import { MantineProvider } from '@mantine/core';
import { Suspense, useLayoutEffect } from 'react';
import { Navigate, Outlet, useLocation } from 'react-router';
import type { Ability } from '../../server/contracts/roles.ts';
import { can, useMe } from '../api/session.ts';
import { Toasts } from '../components/toast.tsx';
import { NotFoundPage, NothingPage } from './error-pages.tsx';
import { mayOpen, type ScreenId, screensOf } from './screens.ts';
import { theme } from './theme.ts';
import { isPicturePage, useOfficeTone } from './tone.ts';

/** Round everything: the tone of the page for tokens and Mantine alike, and the toasts. */
export function Root() {
  const { pathname } = useLocation();
  const office = useOfficeTone();
  const tone = isPicturePage(pathname) ? 'dark' : office;
  useLayoutEffect(() => {
    document.documentElement.dataset.tone = tone;
  }, [tone]);
  return (
    <MantineProvider theme={theme} forceColorScheme={tone}>
      <Suspense fallback={null}>
        <Outlet />
      </Suspense>
      <Toasts />
    </MantineProvider>
  );
}

/** `/` goes to the first screen that the person may see. */
export function Home() {
  const person = useMe().data;
  if (!person) return null;
  const first = screensOf(person)[0];
  return first === undefined ? <NothingPage /> : <Navigate to={first.to} replace />;
}

/** A page for those who may open it; to others there is no such page. */
export function Screen({ id, needs, page }: { id: ScreenId; needs?: Ability; page: React.ReactNode }) {
  const person = useMe().data;
  if (!person) return null;
  const may = mayOpen(id, person) && (needs === undefined || can(person, needs));
  return may ? page : <NotFoundPage />;
}
