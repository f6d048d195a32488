import type { Migration } from './migration.ts';

/** With which version of the calendar a term was counted, and news of cases that are still to be told. Times are UTC epoch ms. */
export const termsAndNews: Migration = {
  name: '0018_terms_and_news',
  async up(db) {
    await db.schema
      .alterTable('incidents')
      .addColumn('term_version', 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
    await db.schema
      .createIndex('incidents_term_version')
      .on('incidents')
      .columns(['due_told', 'term_version', 'due_at_ms'])
      .execute();
    await db.schema
      .createTable('case_news')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('news', 'text', (c) => c.notNull())
      .addColumn('next_at_ms', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('case_news_next').on('case_news').column('next_at_ms').execute();
  },
};
