import { type ComponentType, lazy } from 'react';
import { createBrowserRouter } from 'react-router';
import { BrokenPage, NotFoundPage } from './error-pages.tsx';
import { Frame } from './frame.tsx';
import { Home, Root, Screen } from './root.tsx';

const files = import.meta.glob<{ default: ComponentType }>('../features/*/*-page.tsx');

/** A page as its own piece of code. */
function page(name: string) {
  const load = files[`../features/${name}.tsx`];
  return load === undefined ? NotFoundPage : lazy(load);
}

const SignInPage = page('session/sign-in-page');
const SetupPage = page('session/setup-page');
const OverviewPage = page('overview/overview-page');
const WallPage = page('wall/wall-page');
const PlaybackPage = page('playback/playback-page');
const IncidentsPage = page('incidents/incidents-page');
const IncidentPage = page('incidents/incident-page');
const CamerasPage = page('cameras/cameras-page');
const DiscoverPage = page('cameras/discover-page');
const UsersPage = page('system/users-page');
const AuditPage = page('system/audit-page');

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
