import { type ComponentType, lazy } from 'react';
import { createBrowserRouter } from 'react-router';
import { BrokenPage, NotFoundPage } from './error-pages.tsx';
import { Frame } from './frame.tsx';
import { restTexts } from './i18n.ts';
import { Home, Root, Screen } from './root.tsx';

/** A page that is not among the first ones brings the texts of all of them. */
const later = (load: () => Promise<{ default: ComponentType }>) =>
  lazy(async () => (await Promise.all([load(), restTexts()]))[0]);

const SignInPage = lazy(() => import('../features/session/sign-in-page.tsx'));
const SetupPage = lazy(() => import('../features/session/setup-page.tsx'));
const OverviewPage = lazy(() => import('../features/overview/overview-page.tsx'));
const WallPage = later(() => import('../features/wall/wall-page.tsx'));
const PlaybackPage = later(() => import('../features/playback/playback-page.tsx'));
const IncidentsPage = later(() => import('../features/incidents/incidents-page.tsx'));
const ReviewPage = later(() => import('../features/incidents/review-page.tsx'));
const FiguresPage = later(() => import('../features/incidents/figures-page.tsx'));
const SecondReadingsPage = later(() => import('../features/incidents/second-reading-page.tsx'));
const IncidentPage = later(() => import('../features/incidents/incident-page.tsx'));
const CamerasPage = later(() => import('../features/cameras/cameras-page.tsx'));
const DiscoverPage = later(() => import('../features/cameras/discover-page.tsx'));
const ImportCamerasPage = later(() => import('../features/cameras/import-page.tsx'));
const CameraProfilesPage = later(() => import('../features/cameras/profiles-page.tsx'));
const UsersPage = later(() => import('../features/system/users-page.tsx'));
const CalendarPage = later(() => import('../features/system/calendar-page.tsx'));
const ArchivePage = later(() => import('../features/system/archive-page.tsx'));
const CompletenessPage = later(() => import('../features/system/completeness-page.tsx'));
const DeliveriesPage = later(() => import('../features/system/deliveries-page.tsx'));
const NoticesPage = later(() => import('../features/notices/notices-page.tsx'));
const NoticeSettingsPage = later(() => import('../features/notices/notice-settings-page.tsx'));
const AuditPage = later(() => import('../features/system/audit-page.tsx'));

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
                { path: '/overview/completeness', element: <Screen id="overview" page={<CompletenessPage />} /> },
                { path: '/wall', element: <Screen id="wall" page={<WallPage />} /> },
                { path: '/playback', element: <Screen id="playback" page={<PlaybackPage />} /> },
                { path: '/incidents', element: <Screen id="incidents" page={<IncidentsPage />} /> },
                {
                  path: '/incidents/review',
                  element: <Screen id="incidents" needs="verify_incident" page={<ReviewPage />} />,
                },
                { path: '/incidents/figures', element: <Screen id="incidents" page={<FiguresPage />} /> },
                {
                  path: '/incidents/second-readings/:reading?',
                  element: <Screen id="incidents" needs="conclude_incident" page={<SecondReadingsPage />} />,
                },
                { path: '/incidents/:id', element: <Screen id="incidents" page={<IncidentPage />} /> },
                { path: '/cameras', element: <Screen id="cameras" page={<CamerasPage />} /> },
                { path: '/cameras/discover', element: <Screen id="cameras" page={<DiscoverPage />} /> },
                { path: '/cameras/import', element: <Screen id="cameras" page={<ImportCamerasPage />} /> },
                { path: '/cameras/profiles', element: <Screen id="cameras" page={<CameraProfilesPage />} /> },
                { path: '/system/users', element: <Screen id="system" needs="manage_system" page={<UsersPage />} /> },
                {
                  path: '/system/calendar',
                  element: <Screen id="system" needs="manage_system" page={<CalendarPage />} />,
                },
                { path: '/system/archive', element: <Screen id="system" page={<ArchivePage />} /> },
                {
                  path: '/system/completeness',
                  element: <Screen id="system" needs="manage_system" page={<CompletenessPage />} />,
                },
                { path: '/system/audit', element: <Screen id="system" needs="read_audit" page={<AuditPage />} /> },
                {
                  path: '/system/deliveries',
                  element: <Screen id="system" needs="manage_system" page={<DeliveriesPage />} />,
                },
                { path: '/notices', element: <NoticesPage /> },
                { path: '/notices/settings', element: <NoticeSettingsPage /> },
                { path: '*', element: <NotFoundPage /> },
              ],
            },
          ],
        },
      ],
    },
  ]);
}
