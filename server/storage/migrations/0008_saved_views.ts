import type { Migration } from './migration.ts';

/** Views of the wall that people keep, and which of them each person's wall opens with. Times are UTC epoch ms. */
export const savedViews: Migration = {
  name: '0008_saved_views',
  async up(db) {
    await db.schema
      .createTable('saved_views')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('owner_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
      .addColumn('owner_name', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('content', 'text', (c) => c.notNull())
      .addColumn('sharing', 'text', (c) => c.notNull())
      .addColumn('role', 'text')
      .addColumn('changed_at_ms', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('saved_views_owner').on('saved_views').column('owner_id').execute();
    await db.schema.createIndex('saved_views_sharing').on('saved_views').columns(['sharing', 'role']).execute();
    await db.schema
      .createTable('default_views')
      .addColumn('account_id', 'text', (c) => c.primaryKey().references('accounts.id').onDelete('cascade'))
      .addColumn('view_id', 'text', (c) => c.notNull().references('saved_views.id').onDelete('cascade'))
      .execute();
    await db.schema.createIndex('default_views_view').on('default_views').column('view_id').execute();
  },
};
