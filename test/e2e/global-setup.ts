import type { TestProject } from 'vitest/node';
import { buildConsole } from '../../scripts/commands/console-build.ts';
import { startSmallCity } from '../support/small-city.ts';

/** One running product for all end-to-end tests; files get it by `inject('city')`. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await buildConsole(() => {});
  const { city, stop } = await startSmallCity();
  project.provide('city', city);
  return stop;
}
