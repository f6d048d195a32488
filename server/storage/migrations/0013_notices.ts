import type { Migration } from './migration.ts';

/** Notices, what people chose of them, mail addresses, the outbox and webhooks. Times are UTC epoch ms; flags are 0 or 1. */
export const notices: Migration = {
  name: '0013_notices',
  async up(db) {
    await db.schema
      .createTable('notices')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('fold_key', 'text', (c) => c.notNull())
      .addColumn('at_ms', 'bigint', (c) => c.notNull())
      .addColumn('read_at_ms', 'bigint')
      .addColumn('shown', 'integer', (c) => c.notNull())
      .addColumn('mailed', 'integer', (c) => c.notNull())
      .addColumn('details', 'text')
      .execute();
    await db.schema.createIndex('notices_account').on('notices').columns(['account_id', 'at_ms', 'id']).execute();
    await db.schema
      .createIndex('notices_unread')
      .on('notices')
      .columns(['account_id', 'read_at_ms', 'at_ms'])
      .execute();
    await db.schema.createIndex('notices_time').on('notices').column('at_ms').execute();
    await db.schema
      .createTable('notice_subjects')
      .addColumn('notice_id', 'text', (c) => c.notNull().references('notices.id').onDelete('cascade'))
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('subject_id', 'text', (c) => c.notNull())
      .addColumn('seq', 'integer', (c) => c.notNull())
      .addColumn('fact', 'text')
      .addPrimaryKeyConstraint('notice_subjects_key', ['notice_id', 'type', 'subject_id'])
      .execute();
    await db.schema
      .createTable('notice_settings')
      .addColumn('account_id', 'text', (c) => c.primaryKey().references('accounts.id').onDelete('cascade'))
      .addColumn('content', 'text', (c) => c.notNull())
      .addColumn('changed_at_ms', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('mail_addresses')
      .addColumn('account_id', 'text', (c) => c.primaryKey().references('accounts.id').onDelete('cascade'))
      .addColumn('address', 'text', (c) => c.notNull())
      .addColumn('verified_at_ms', 'bigint')
      .addColumn('code_hash', 'text')
      .addColumn('code_expires_ms', 'bigint')
      .addColumn('code_tries', 'integer', (c) => c.notNull())
      .addColumn('changed_at_ms', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('notice_conditions')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('bad_since_ms', 'bigint')
      .addColumn('well_since_ms', 'bigint')
      .addColumn('told_at_ms', 'bigint')
      .execute();
    await db.schema
      .createTable('webhooks')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('url', 'text', (c) => c.notNull())
      .addColumn('kinds', 'text', (c) => c.notNull())
      .addColumn('sealed_secret', 'text', (c) => c.notNull())
      .addColumn('enabled', 'integer', (c) => c.notNull())
      .addColumn('created_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('last_at_ms', 'bigint')
      .addColumn('last_ok', 'integer')
      .execute();
    await db.schema
      .createTable('deliveries')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('channel', 'text', (c) => c.notNull())
      .addColumn('target_id', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('notice_id', 'text')
      .addColumn('once_key', 'text', (c) => c.unique())
      .addColumn('payload', 'text')
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('attempts', 'integer', (c) => c.notNull())
      .addColumn('created_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('next_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('ended_at_ms', 'bigint')
      .addColumn('failure_code', 'text')
      .addColumn('failure_detail', 'text')
      .execute();
    await db.schema.createIndex('deliveries_next').on('deliveries').columns(['state', 'next_at_ms']).execute();
    await db.schema.createIndex('deliveries_time').on('deliveries').columns(['created_at_ms', 'id']).execute();
    await db.schema
      .createIndex('deliveries_target')
      .on('deliveries')
      .columns(['channel', 'target_id', 'created_at_ms'])
      .execute();
  },
};
