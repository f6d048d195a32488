import { inject } from 'vitest';

/** Tells test/support/database.ts, which benchmarks use as well, where the server of the tests is. */
Object.assign(process.env, inject('postgresEnvironment'));
