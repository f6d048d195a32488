import { z } from 'zod';
import { epochMs, id, text } from './common.ts';
import { actor, incidentEntry, incidentState, incidentSummary } from './incidents.ts';
import { role } from './roles.ts';

/** Comments: among those who see the whole city, never for the unit. Never changed or deleted: a correction is a new comment. */

export const mention = z.union([z.strictObject({ role }), z.strictObject({ userId: id })]);
export type Mention = z.infer<typeof mention>;

export const comment = z.object({
  id,
  atMs: epochMs,
  by: actor,
  /** Whether the reader wrote it. */
  mine: z.boolean(),
  text: z.string(),
  /** With the name of then; `role` alone is everybody of that office. */
  mentions: z.array(z.object({ role, userId: id.nullable(), name: z.string().nullable() })),
  /** The comment that this one corrects. */
  corrects: id.nullable(),
});
export type Comment = z.infer<typeof comment>;
export const commentList = z.object({ items: z.array(comment) });
export type CommentList = z.infer<typeof commentList>;

export const createCommentRequest = z.object({
  text: text(4000).pipe(z.string().min(1)),
  mentions: z.array(mention).max(20).default([]),
  corrects: id.nullable().default(null),
});
export type CreateCommentRequest = z.infer<typeof createCommentRequest>;

/** Whom a comment may mention: those who may see the case and its comments. */
export const mentionable = z.object({
  roles: z.array(role),
  people: z.array(z.object({ userId: id, name: z.string(), role })),
});
export type Mentionable = z.infer<typeof mentionable>;

/** Whether the reader watches the case; who else does, for those who see the whole city (null for the unit). */
export const watching = z.object({
  watching: z.boolean(),
  watchers: z.array(z.object({ userId: id, name: z.string(), role })).nullable(),
});
export type Watching = z.infer<typeof watching>;

/** Parameters of the list as its address writes them, without cursor and limit. */
export const savedFilterQuery = z
  .record(z.string().regex(/^[a-zA-Z]{1,20}$/), z.string().max(2_000))
  .refine((query) => Object.keys(query).length <= 30, { message: 'too many parameters' });

export const savedFilter = z.object({
  id,
  name: z.string(),
  query: savedFilterQuery,
  /** Whether everybody of the offices finds it. */
  shared: z.boolean(),
  /** Only whoever made it may change it. */
  mine: z.boolean(),
  ownerName: z.string(),
  changedAtMs: epochMs,
});
export type SavedFilter = z.infer<typeof savedFilter>;
export const savedFilterList = z.object({
  items: z.array(savedFilter),
  /** Whether the reader may share filters: whoever sees the whole city. */
  mayShare: z.boolean(),
});
export type SavedFilterList = z.infer<typeof savedFilterList>;

const filterName = text(80).pipe(z.string().min(1));
export const createSavedFilterRequest = z.object({
  name: filterName,
  query: savedFilterQuery,
  shared: z.boolean().default(false),
});
export type CreateSavedFilterRequest = z.infer<typeof createSavedFilterRequest>;
export const patchSavedFilterRequest = z.object({
  name: filterName.optional(),
  query: savedFilterQuery.optional(),
  shared: z.boolean().optional(),
});
export type PatchSavedFilterRequest = z.infer<typeof patchSavedFilterRequest>;

/** Assignment of many cases, each decided on its version and judged by itself. */
export const assignManyRequest = z.object({
  items: z
    .array(z.object({ id, version: z.number().int().min(1) }))
    .min(1)
    .max(200)
    .refine((items) => new Set(items.map((item) => item.id)).size === items.length, { message: 'each case once' }),
  assigneeId: id.nullable(),
  reason: text(4000).default(''),
});
export type AssignManyRequest = z.infer<typeof assignManyRequest>;
export const assignManyAnswer = z.object({
  items: z.array(
    z.object({
      id,
      done: z.boolean(),
      /** The new version of a case that was assigned. */
      version: z.number().int().nullable(),
      /** Why not: a stable code, the same as of the step itself. */
      refusal: z.string().nullable(),
    }),
  ),
});
export type AssignManyAnswer = z.infer<typeof assignManyAnswer>;

export const duplicateCandidates = z.object({
  /** Cases that may be about the same moment: of the same camera or unit, overlapping or within the hour. The likeliest first. */
  items: z.array(
    incidentSummary.extend({
      sameCamera: z.boolean(),
      sameCategory: z.boolean(),
      overlaps: z.boolean(),
      /** Between the two stretches; 0 where they overlap. */
      apartMs: z.number().int().min(0),
    }),
  ),
  /** Cases that were found to be the same as this one, each with its history. */
  merged: z.array(incidentSummary.extend({ history: z.array(incidentEntry) })).default([]),
});
export type DuplicateCandidates = z.infer<typeof duplicateCandidates>;

export const repeatsQuery = z.object({
  unit: id,
  category: z.string().regex(/^[A-Z]{2}\d{2}$/),
  /** The moment before which to look; now when left out. */
  at: z.coerce.number().pipe(epochMs).optional(),
  /** The case that is looked at: not an earlier one of itself. */
  except: id.optional(),
});
export type RepeatsQuery = z.infer<typeof repeatsQuery>;

/** Earlier cases of the same unit and category within the configured period, latest first; those found void are left out. */
export const repeats = z.object({
  days: z.number().int(),
  fromMs: epochMs,
  /** All of them, of which `items` are the latest 20. */
  total: z.number().int(),
  /** Those that were concluded as a violation. */
  violations: z.number().int(),
  items: z.array(
    z.object({
      id,
      number: z.string(),
      state: incidentState,
      atMs: epochMs,
      conclusion: z.string().nullable(),
    }),
  ),
});
export type Repeats = z.infer<typeof repeats>;
