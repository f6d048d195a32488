import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import { databaseTests } from './support/database-tests.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Unit tests stand beside the code; integration and end-to-end tests start real servers and get more time. */
export default defineConfig({
  root,
  test: {
    projects: [
      {
        root,
        test: {
          name: 'unit',
          include: ['{server,scripts,test/layers}/**/*.test.ts', 'web/**/*.test.{ts,tsx}'],
          exclude: [...configDefaults.exclude, 'server/storage/postgres*.test.ts'],
          // A bound for what hangs, not a measure: pictures are encoded here too, and machines are busy.
          testTimeout: 60_000,
        },
      },
      {
        root,
        // The same tests on PostgreSQL.
        test: {
          name: 'postgres',
          include: databaseTests(root),
          // Files of one worker share what they import and the databases that it has emptied: a third less work.
          isolate: false,
          globalSetup: ['test/support/postgres-project.ts'],
          setupFiles: ['test/support/postgres-worker.ts'],
          testTimeout: 60_000,
        },
      },
      {
        root,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 120_000,
          // They wait for cameras more than they compute.
          maxWorkers: 3,
        },
      },
      {
        root,
        test: {
          // The built console against answers made for it: needs no running product, so that it runs beside the other browsers.
          name: 'console',
          include: ['test/e2e/console-*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 240_000,
          maxWorkers: 1,
        },
      },
      {
        root,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: ['test/e2e/console-*.test.ts'],
          globalSetup: ['test/e2e/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 240_000,
          maxWorkers: 1,
        },
      },
    ],
  },
});
