import { queryString } from '../api/client.ts';

/** Addresses of the screens. What a screen reads from its query is named here, so that others can link to it. */
export const paths = {
  signIn: '/sign-in',
  setup: '/setup',
  overview: '/overview',
  /** `camera` opens one desk, `unit` the cameras of a unit, `cameras` those named, in the layout that holds them. */
  wall: (query: { unit?: string; camera?: string; cameras?: readonly string[] } = {}) => `/wall${queryString(query)}`,
  /** `at` is epoch ms. */
  playback: (query: { cameras?: readonly string[]; at?: number } = {}) => `/playback${queryString(query)}`,
  /** The keys of server/contracts/incidents.ts's `incidentQuery`. */
  incidents: (query: Readonly<Record<string, string | readonly string[] | undefined>> = {}) =>
    `/incidents${queryString(query)}`,
  incident: (id: string) => `/incidents/${encodeURIComponent(id)}`,
  /** The review of a queue by keys, with the query of the list. */
  review: '/incidents/review',
  /** `from` and `to` are epoch ms. */
  incidentFigures: (query: { from?: string; to?: string; unit?: string } = {}) =>
    `/incidents/figures${queryString(query)}`,
  secondReadings: '/incidents/second-readings',
  secondReading: (id: string) => `/incidents/second-readings/${encodeURIComponent(id)}`,
  /** `camera` opens the drawer of one camera. */
  cameras: (query: { q?: string; camera?: string; unit?: string } = {}) => `/cameras${queryString(query)}`,
  discover: '/cameras/discover',
  importCameras: '/cameras/import',
  cameraProfiles: '/cameras/profiles',
  /** `by` is day, week or month, `at` a moment within it in epoch ms. */
  completeness: (query: { by?: string; at?: number; unit?: string } = {}) =>
    `/overview/completeness${queryString(query)}`,
  notices: '/notices',
  noticeSettings: '/notices/settings',
  users: '/system/users',
  calendar: '/system/calendar',
  archive: '/system/archive',
  systemCompleteness: '/system/completeness',
  deliveries: '/system/deliveries',
  audit: '/system/audit',
} as const;
