/** Every hook that asks or changes something on the server, under one name. */
export * from './archive.ts';
export * from './audit.ts';
export * from './calendar.ts';
export * from './cameras.ts';
export { ApiError } from './client.ts';
export * from './discoveries.ts';
export * from './incidents.ts';
export * from './notices.ts';
export * from './ptz.ts';
export * from './realtime.ts';
export { serverNow } from './server-clock.ts';
export * from './session.ts';
export * from './units.ts';
export * from './users.ts';
export * from './views.ts';
