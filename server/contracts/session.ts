import { z } from 'zod';
import { id } from './common.ts';
import { ability, reach, role } from './roles.ts';

export const username = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]{1,63}$/);

/** 12 characters or more when chosen; at sign-in anything is taken and compared. */
export const newPassword = z.string().min(12).max(256);

export const signInRequest = z.object({
  username: z.string().trim().toLowerCase().min(1).max(64),
  password: z.string().min(1).max(256),
  otp: z.string().max(16).optional(),
});
export type SignInRequest = z.infer<typeof signInRequest>;

/** `GET /api/me` and the answer to a sign-in. */
export const me = z.object({
  id,
  username: z.string(),
  name: z.string(),
  role,
  /** The unit of a unit head; null for everybody else. */
  unitId: z.string().nullable(),
  abilities: z.record(ability, reach),
  csrfToken: z.string(),
  /** True when this server shows the simulated demo city: the console labels every page with it. */
  simulated: z.boolean(),
  cityName: z.string(),
});
export type Me = z.infer<typeof me>;

/** The first administrator, made through the single-use link that the first start prints. */
export const setupRequest = z.object({
  token: z.string().min(20).max(200),
  username,
  name: z.string().trim().min(1).max(120),
  password: newPassword,
});
export type SetupRequest = z.infer<typeof setupRequest>;

export const setupState = z.object({ needed: z.boolean() });
