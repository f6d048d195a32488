/** The names under which answers are cached, in one place so that events can find what they change. */
export const keys = {
  me: ['me'] as const,
  setup: ['setup'] as const,
  units: ['units'] as const,
  categories: ['categories'] as const,
  cameras: ['cameras'] as const,
  camera: (id: string) => ['camera', id] as const,
  cameraArchive: (id: string) => ['camera', id, 'archive'] as const,
  workingHours: (unitId: string, from: number, to: number) => ['working-hours', unitId, from, to] as const,
  timelines: (cameraId: string) => ['timeline', cameraId] as const,
  timeline: (cameraId: string, stream: string, from: number, to: number) =>
    ['timeline', cameraId, stream, from, to] as const,
  incidents: ['incidents'] as const,
  incidentLists: ['incidents', 'list'] as const,
  incidentList: (query: object) => ['incidents', 'list', query] as const,
  incident: (id: string) => ['incidents', 'one', id] as const,
  users: ['users'] as const,
  audits: ['audit'] as const,
  audit: (action: string | undefined) => ['audit', action ?? ''] as const,
  discovery: (id: string) => ['discovery', id] as const,
  health: ['health'] as const,
};
