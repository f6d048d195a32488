import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { expect, it, vi } from 'vitest';

/** Before any code for video, whatever a browser fetches of the console from an empty cache to the overview. */
const MOST_BYTES = 300_000;

/** What is imported at once, or by itself soon after: the sign-in, then the overview in Vietnamese with its line to the server. */
const PARTS = [
  'web/index.html',
  'web/app/start.tsx',
  'web/locales/vi.ts',
  'web/features/session/sign-in-page.tsx',
  'web/features/overview/overview-page.tsx',
  'node_modules/socket.io-client/build/esm/index.js',
];
const compressed = (content: string | Uint8Array) => brotliCompressSync(content).length;
const isFont = (name: string) => name.endsWith('.woff2');

it('the console comes to at most 300 kB compressed until the overview is there', async () => {
  vi.stubEnv('NODE_ENV', 'production');
  const configFile = fileURLToPath(new URL('vite.config.ts', import.meta.url));
  const { output } = (await build({
    configFile,
    logLevel: 'silent',
    build: { write: false },
  })) as Rolldown.RolldownOutput;
  vi.unstubAllEnvs();
  const files = new Map(output.map((file) => [file.fileName, file]));
  const found = PARTS.map(
    (part) => output.find((file) => file.type === 'chunk' && file.facadeModuleId?.endsWith(part))?.fileName ?? part,
  );
  expect(found.filter((name) => !files.has(name))).toEqual([]);

  const loaded = new Set<string>();
  const load = (name: string) => {
    const file = files.get(name);
    if (file === undefined || loaded.has(name)) return;
    loaded.add(name);
    if (file.type !== 'chunk') return;
    for (const imported of file.imports) load(imported);
    for (const style of file.viteMetadata?.importedCss ?? []) load(style);
  };
  for (const name of [...found, 'index.html', ...[...files.keys()].filter(isFont)]) load(name);

  const bytes = [...loaded].map((name) => {
    const file = files.get(name);
    const content = (file?.type === 'chunk' ? file.code : file?.source) ?? '';
    return { name, bytes: isFont(name) ? content.length : compressed(content) };
  });
  const largest = bytes.sort((a, b) => b.bytes - a.bytes).map((one) => `${one.bytes} ${one.name}`);
  const sum = bytes.reduce((total, one) => total + one.bytes, 0);
  expect(sum, largest.slice(0, 20).join('\n')).toBeLessThanOrEqual(MOST_BYTES);
  // Code for video comes with the page that shows video.
  expect([...loaded].filter((name) => /hls|player|decod|wall|playback/.test(name))).toEqual([]);
});
