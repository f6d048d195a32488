import { lazy } from 'react';
import { createBrowserRouter } from 'react-router';
import { BrokenPage, NotFoundPage } from './error-pages.tsx';
import { Frame } from './frame.tsx';
import { Home, Root, Screen } from './root.tsx';

const SignInPage = lazy(() => import('../features/session/sign-in-page.tsx'));
const SetupPage = lazy(() => import('../features/session/setup-page.tsx'));
const OverviewPage = lazy(() => import('../features/overview/overview-page.tsx'));
const WallPage = lazy(() => import('../features/wall/wall-page.tsx'));
const PlaybackPage = lazy(() => import('../features/playback/playback-page.tsx'));
const IncidentsPage = lazy(() => import('../features/incidents/incidents-page.tsx'));
const IncidentPage = lazy(() => import('../features/incidents/incident-page.tsx'));
const CamerasPage = lazy(() => import('../features/cameras/cameras-page.tsx'));
const DiscoverPage = lazy(() => import('../features/cameras/discover-page.tsx'));
const UsersPage = lazy(() => import('../features/system/users-page.tsx'));
const AuditPage = lazy(() => import('../features/system/audit-page.tsx'));

/** Every address of the console. Each page is its own piece of code, fetched when it is first opened. */
export function makeRouter() {
  return createBrowserRouter([
    {
      element: <Root />,
      errorElement: <BrokenPage />,
      children: [
        { path: '/sign-in', element: <SignInPage /> },
        { path: '/setup', element: <SetupPage /> },
        {
          element: <Frame />,
          children: [
            {
              errorElement: <BrokenPage />,
              children: [
                { path: '/', element: <Home /> },
                { path: '/overview', element: <Screen id="overview" page={<OverviewPage />} /> },
                { path: '/wall', element: <Screen id="wall" page={<WallPage />} /> },
                { path: '/playback', element: <Screen id="playback" page={<PlaybackPage />} /> },
                { path: '/incidents', element: <Screen id="incidents" page={<IncidentsPage />} /> },
                { path: '/incidents/:id', element: <Screen id="incidents" page={<IncidentPage />} /> },
                { path: '/cameras', element: <Screen id="cameras" page={<CamerasPage />} /> },
                { path: '/cameras/discover', element: <Screen id="cameras" page={<DiscoverPage />} /> },
                { path: '/system/users', element: <Screen id="system" needs="manage_system" page={<UsersPage />} /> },
                { path: '/system/audit', element: <Screen id="system" needs="read_audit" page={<AuditPage />} /> },
                { path: '*', element: <NotFoundPage /> },
              ],
            },
          ],
        },
      ],
    },
  ]);
}
