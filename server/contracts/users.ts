import { z } from 'zod';
import { epochMs, id } from './common.ts';
import { role } from './roles.ts';
import { newPassword, username } from './session.ts';

export const user = z.object({
  id,
  username: z.string(),
  name: z.string(),
  role,
  unitId: z.string().nullable(),
  disabled: z.boolean(),
  createdAtMs: epochMs,
  lastSignInMs: epochMs.nullable(),
});
export type User = z.infer<typeof user>;

const unitRule = { message: 'a unit head belongs to a unit, nobody else does', path: ['unitId'] };

export const createUserRequest = z
  .object({
    username,
    name: z.string().trim().min(1).max(120),
    role,
    unitId: id.nullable().default(null),
    password: newPassword,
  })
  .refine((u) => (u.role === 'unit_head') === (u.unitId !== null), unitRule);
export type CreateUserRequest = z.infer<typeof createUserRequest>;

export const patchUserRequest = z.object({
  name: z.string().trim().min(1).max(120).optional(),
  disabled: z.boolean().optional(),
  password: newPassword.optional(),
});
export type PatchUserRequest = z.infer<typeof patchUserRequest>;

export const userList = z.object({ items: z.array(user) });
