import type { Route } from '../route.ts';
import type { Services } from '../services.ts';
import { archiveRoutes } from './archive.ts';
import { calendarRoutes } from './calendar.ts';
import { cameraDeviceRoutes } from './camera-device.ts';
import { cameraEventRoutes } from './camera-events.ts';
import { cameraHealthRoutes, cameraProposalRoutes } from './camera-health.ts';
import { cameraImportRoutes } from './camera-import.ts';
import { cameraOnboardingRoutes } from './camera-onboarding.ts';
import { cameraProfileRoutes } from './camera-profiles.ts';
import { cameraRoutes } from './cameras.ts';
import { completenessRoutes } from './completeness.ts';
import { discoveryRoutes } from './discoveries.ts';
import { incidentAttachmentRoutes } from './incident-attachments.ts';
import { incidentFigureRoutes } from './incident-figures.ts';
import { incidentReportRoutes } from './incident-reports.ts';
import { incidentWorkRoutes } from './incident-work.ts';
import { incidentRoutes } from './incidents.ts';
import { deliveryRoutes, noticeRoutes } from './notices.ts';
import { ptzRoutes } from './ptz.ts';
import { secondReadingRoutes } from './second-readings.ts';
import { sessionRoutes } from './session.ts';
import { systemRoutes } from './system.ts';
import { unitRoutes } from './units.ts';
import { userRoutes } from './users.ts';
import { viewRoutes } from './views.ts';

/** Every route of the API. */
export function apiRoutes(services: Services): Route[] {
  return [
    ...sessionRoutes(services),
    ...unitRoutes(services),
    ...calendarRoutes(services),
    // Before `/api/cameras/:id`, for which their words would be names.
    ...cameraImportRoutes(services),
    ...cameraProfileRoutes(services),
    ...cameraEventRoutes(services),
    ...cameraDeviceRoutes(services),
    ...cameraRoutes(services),
    ...cameraHealthRoutes(services),
    ...cameraProposalRoutes(services),
    ...cameraOnboardingRoutes(services),
    ...ptzRoutes(services),
    ...archiveRoutes(services),
    ...completenessRoutes(services),
    ...discoveryRoutes(services),
    // Before `/api/incidents/:id`, for which their words would be names.
    ...incidentFigureRoutes(services),
    ...incidentReportRoutes(services),
    ...incidentWorkRoutes(services),
    ...incidentRoutes(services),
    ...incidentAttachmentRoutes(services),
    ...secondReadingRoutes(services),
    ...viewRoutes(services),
    ...noticeRoutes(services),
    ...deliveryRoutes(services),
    ...userRoutes(services),
    ...systemRoutes(services),
  ];
}
