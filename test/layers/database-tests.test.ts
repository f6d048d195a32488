import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { databaseTests } from '../support/database-tests.ts';

test('what opens a database runs on PostgreSQL too, by whatever file of test/support it does so', () => {
  const found = databaseTests(fileURLToPath(new URL('../..', import.meta.url)));
  expect(found).toContain('server/access/audit-log.test.ts');
  expect(found).toContain('server/access/sessions.test.ts');
  expect(found).toContain('server/cameras/registry.test.ts');
  expect(found).toContain('server/storage/database.test.ts');
  expect(found).toContain('server/supervision/incidents/incidents.test.ts');
  expect(found).not.toContain('server/access/passwords.test.ts');
  // It takes a city and the time of day from the same file as those that open a database.
  expect(found).not.toContain('server/supervision/incidents/state-policy.test.ts');
  expect(found).not.toContain('server/storage/sqlite-file.test.ts');
});
