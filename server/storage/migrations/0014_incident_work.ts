import type { Migration } from './migration.ts';

/** What surrounds the cases: comments, watchers, saved filters, second readings. Times are UTC epoch ms; flags are 0 or 1. */
export const incidentWork: Migration = {
  name: '0014_incident_work',
  async up(db) {
    await db.schema
      .createTable('incident_comments')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('incident_id', 'text', (c) => c.notNull().references('incidents.id'))
      .addColumn('seq', 'integer', (c) => c.notNull())
      .addColumn('at_ms', 'bigint', (c) => c.notNull())
      .addColumn('author_id', 'text', (c) => c.notNull())
      .addColumn('author_name', 'text', (c) => c.notNull())
      .addColumn('author_role', 'text', (c) => c.notNull())
      .addColumn('address', 'text', (c) => c.notNull())
      .addColumn('text', 'text', (c) => c.notNull())
      .addColumn('corrects_id', 'text', (c) => c.references('incident_comments.id'))
      .addColumn('mentions', 'text', (c) => c.notNull())
      .addColumn('search_text', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('incident_mentions')
      .addColumn('comment_id', 'text', (c) => c.notNull().references('incident_comments.id'))
      .addColumn('target', 'text', (c) => c.notNull())
      .addColumn('incident_id', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('incident_mentions_key', ['comment_id', 'target'])
      .execute();
    await db.schema
      .createTable('incident_watchers')
      .addColumn('incident_id', 'text', (c) => c.notNull().references('incidents.id'))
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('watching', 'integer', (c) => c.notNull())
      .addColumn('since_ms', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('incident_watchers_key', ['incident_id', 'account_id'])
      .execute();
    await db.schema
      .createTable('incident_filters')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('owner_id', 'text', (c) => c.notNull())
      .addColumn('owner_name', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('query', 'text', (c) => c.notNull())
      .addColumn('shared', 'integer', (c) => c.notNull())
      .addColumn('changed_at_ms', 'bigint', (c) => c.notNull())
      .addUniqueConstraint('incident_filters_name', ['owner_id', 'name'])
      .execute();
    await db.schema
      .createTable('second_readings')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('incident_id', 'text', (c) => c.notNull().unique().references('incidents.id'))
      .addColumn('drawn_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('decided_by_id', 'text', (c) => c.notNull())
      .addColumn('decided_violation', 'integer', (c) => c.notNull())
      .addColumn('decided_category', 'text', (c) => c.notNull())
      .addColumn('decided_severity', 'integer', (c) => c.notNull())
      .addColumn('decided_conclusion', 'text')
      .addColumn('reader_id', 'text')
      .addColumn('claimed_at_ms', 'bigint')
      .addColumn('judged_at_ms', 'bigint')
      .addColumn('violation', 'integer')
      .addColumn('category', 'text')
      .addColumn('severity', 'integer')
      .addColumn('conclusion', 'text')
      .addColumn('reason', 'text')
      .addColumn('agreed', 'integer')
      .execute();
    await db.schema
      .createTable('second_reading_opens')
      .addColumn('incident_id', 'text', (c) => c.notNull().references('incidents.id'))
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('at_ms', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('second_reading_opens_key', ['incident_id', 'account_id'])
      .execute();

    const indexes: Record<string, [table: string, columns: string[]]> = {
      incident_comments_of: ['incident_comments', ['incident_id', 'seq', 'id']],
      incident_mentions_target: ['incident_mentions', ['target', 'incident_id']],
      incident_watchers_account: ['incident_watchers', ['account_id', 'watching', 'incident_id']],
      incident_filters_shared: ['incident_filters', ['shared']],
      incident_comments_author: ['incident_comments', ['author_id', 'incident_id']],
      incident_entries_actor: ['incident_entries', ['actor_id', 'incident_id']],
      incidents_repeats: ['incidents', ['unit_id', 'category', 'at_ms']],
      incidents_duplicates: ['incidents', ['duplicate_of_id']],
      incidents_moment: ['incidents', ['at_ms', 'state']],
      incidents_counts: ['incidents', ['state', 'due_at_ms']],
      second_readings_judged: ['second_readings', ['judged_at_ms', 'drawn_at_ms']],
    };
    for (const [name, [table, columns]] of Object.entries(indexes)) {
      await db.schema.createIndex(name).on(table).columns(columns).execute();
    }
  },
};
