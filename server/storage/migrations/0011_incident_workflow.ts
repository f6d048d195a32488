import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/** The whole workflow of a case: right of reply, terms, appeal, files and drafts. Times are UTC epoch ms; flags are 0 or 1. */
export const incidentWorkflow: Migration = {
  name: '0011_incident_workflow',
  async up(db) {
    const texts = [
      'finding',
      'question',
      'assignee_id',
      'assignee_name',
      'assignee_role',
      'concluded_by_id',
      'duplicate_of_id',
      'duplicate_of_number',
    ];
    for (const column of texts) await db.schema.alterTable('incidents').addColumn(column, 'text').execute();
    for (const column of ['escalated_at_ms', 'closed_at_ms', 'released_at_ms']) {
      await db.schema.alterTable('incidents').addColumn(column, 'bigint').execute();
    }
    const alter = db.schema.alterTable('incidents');
    await alter.addColumn('unit_search_text', 'text', (c) => c.notNull().defaultTo('')).execute();
    await alter.addColumn('unit_version', 'integer', (c) => c.notNull().defaultTo(0)).execute();
    await alter.addColumn('unit_changed_at_ms', 'bigint', (c) => c.notNull().defaultTo(0)).execute();
    await alter.addColumn('soon_at_ms', 'bigint', (c) => c.notNull().defaultTo(8_640_000_000_000_000)).execute();
    await alter.addColumn('due_told', 'integer', (c) => c.notNull().defaultTo(0)).execute();
    await alter.addColumn('footage_told', 'integer', (c) => c.notNull().defaultTo(0)).execute();

    const entries = db.schema.alterTable('incident_entries');
    await entries.addColumn('address', 'text', (c) => c.notNull().defaultTo('')).execute();
    await entries.addColumn('due_at_ms', 'bigint').execute();
    await entries.addColumn('details', 'text', (c) => c.notNull().defaultTo('{}')).execute();

    // Of cases that were recorded before: the unit was told the flag's note as the finding, and a conclusion could not be appealed.
    await sql`update incidents set finding = note, unit_search_text = search_text where sent_at_ms is not null`.execute(
      db,
    );
    await sql`update incidents set closed_at_ms = updated_at_ms where state in ('concluded', 'no_violation')`.execute(
      db,
    );
    await sql`update incidents set state = 'closed', concluded_by_id = (
      select actor_id from incident_entries e where e.incident_id = incidents.id and e.step = 'conclude'
    ) where state = 'concluded'`.execute(db);
    await sql`update incidents set unit_version = version, unit_changed_at_ms = updated_at_ms`.execute(db);
    await sql`update incidents set footage_told = 1`.execute(db);

    await db.schema
      .createTable('incident_attachments')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('incident_id', 'text', (c) => c.notNull().references('incidents.id'))
      .addColumn('entry_seq', 'integer')
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('size_bytes', 'bigint', (c) => c.notNull())
      .addColumn('sha256', 'text', (c) => c.notNull())
      .addColumn('uploaded_by_id', 'text', (c) => c.notNull())
      .addColumn('uploaded_at_ms', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('incident_drafts')
      .addColumn('incident_id', 'text', (c) => c.primaryKey().references('incidents.id'))
      .addColumn('conclusion', 'text')
      .addColumn('text', 'text', (c) => c.notNull())
      .addColumn('author_id', 'text', (c) => c.notNull())
      .addColumn('author_name', 'text', (c) => c.notNull())
      .addColumn('author_role', 'text', (c) => c.notNull())
      .addColumn('at_ms', 'bigint', (c) => c.notNull())
      .execute();

    const indexes: Record<string, [table: string, columns: string[]]> = {
      incident_attachments_of: ['incident_attachments', ['incident_id', 'uploaded_at_ms', 'id']],
      incident_attachments_unused: ['incident_attachments', ['entry_seq', 'uploaded_at_ms']],
      incidents_assignee: ['incidents', ['assignee_id', 'state', 'created_at_ms', 'id']],
      incidents_terms: ['incidents', ['due_told', 'soon_at_ms']],
      incidents_ended: ['incidents', ['released_at_ms', 'closed_at_ms']],
      incidents_footage_end: ['incidents', ['footage_told', 'to_ms']],
    };
    for (const [name, [table, columns]] of Object.entries(indexes)) {
      await db.schema.createIndex(name).on(table).columns(columns).execute();
    }
  },
};
