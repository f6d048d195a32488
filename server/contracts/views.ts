import { z } from 'zod';
import { epochMs, id, text } from './common.ts';
import { role } from './roles.ts';

export const wallLayout = z.enum(['1', '4', '6', '9', '16', 'free']);
export type WallLayout = z.infer<typeof wallLayout>;

/** A free wall is a grid of so many columns and as many rows over 16:9. */
export const freeGrid = 12;

/** Where a tile of a free wall lies, in cells of the grid. */
export const wallCell = z
  .object({
    column: z
      .number()
      .int()
      .min(0)
      .max(freeGrid - 1),
    row: z
      .number()
      .int()
      .min(0)
      .max(freeGrid - 1),
    columns: z.number().int().min(1).max(freeGrid),
    rows: z.number().int().min(1).max(freeGrid),
  })
  .refine((cell) => cell.column + cell.columns <= freeGrid && cell.row + cell.rows <= freeGrid, {
    message: 'the cell reaches beyond the grid',
  });
export type WallCell = z.infer<typeof wallCell>;

const most = 16;
const name = text(80).pipe(z.string().min(1));

/** What stands where. `cells` belongs to the layout `free`, one for each entry of `cameras`; null is an empty tile. */
const content = {
  layout: wallLayout,
  cameras: z.array(id.nullable()).max(most),
  cells: z.array(wallCell).max(most).default([]),
};
const fits = (view: { layout: WallLayout; cameras: readonly unknown[]; cells: readonly unknown[] }) =>
  view.layout === 'free' ? view.cells.length === view.cameras.length : view.cells.length === 0;
export const wallContent = z
  .object(content)
  .refine(fits, { message: 'one cell for each tile of a free wall', path: ['cells'] });
export type WallContent = z.infer<typeof wallContent>;

/** Who else finds the view: nobody, whoever may watch, or whoever has one role. */
export const viewSharing = z.enum(['own', 'everyone', 'role']);
export type ViewSharing = z.infer<typeof viewSharing>;

/** A view as one reader finds it: cameras that the reader may not see are left out. */
export const savedView = z.object({
  id,
  name: z.string(),
  ...content,
  sharing: viewSharing,
  /** Set where the view is shared with one role. */
  role: role.nullable(),
  /** Only whoever made a view may change it. */
  mine: z.boolean(),
  ownerName: z.string(),
  /** Whether the wall opens with it for the reader. */
  isDefault: z.boolean(),
  changedAtMs: epochMs,
});
export type SavedView = z.infer<typeof savedView>;

export const savedViewList = z.object({
  items: z.array(savedView),
  /** Whether the reader may share views: whoever watches the whole city. */
  mayShare: z.boolean(),
});
export type SavedViewList = z.infer<typeof savedViewList>;

const roleFits = (view: { sharing?: ViewSharing | undefined; role?: string | null | undefined }) =>
  view.sharing === undefined ? view.role == null : (view.sharing === 'role') === (view.role != null);
const roleMessage = { message: 'a role belongs to views that are shared with a role', path: ['role'] };

export const createViewRequest = z
  .object({ name, ...content, sharing: viewSharing.default('own'), role: role.nullable().default(null) })
  .refine(fits, { message: 'one cell for each tile of a free wall', path: ['cells'] })
  .refine(roleFits, roleMessage);
export type CreateViewRequest = z.infer<typeof createViewRequest>;

export const patchViewRequest = z
  .object({
    name: name.optional(),
    content: wallContent.optional(),
    sharing: viewSharing.optional(),
    role: role.nullable().optional(),
    /** The reader's own choice; also of a view that somebody else shares. */
    isDefault: z.boolean().optional(),
  })
  .refine(roleFits, roleMessage);
export type PatchViewRequest = z.infer<typeof patchViewRequest>;
