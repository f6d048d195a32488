import { startTexts } from './i18n.ts';

// zod writes parsers with `new Function` where it may. Here the content security policy forbids that, and even the try is
// reported, so zod is told before its code runs: everything that uses it comes in the import below.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });

const [{ start }] = await Promise.all([import('./start.tsx'), startTexts()]);
start();
