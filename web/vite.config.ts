import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where the development server finds the product's own server: `LIENTHONG_URL`, an address with a self-signed certificate. */
const server = process.env.LIENTHONG_URL ?? 'https://localhost:8443';
const proxied = { target: server, secure: false, changeOrigin: true };

/** Builds the console into dist/console, from where the server serves it. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    // The console's own sources lie under /api/ too while developing.
    proxy: { '^/api/(?!.*\\.tsx?($|\\?))': proxied, '/media': proxied, '/socket.io': { ...proxied, ws: true } },
  },
  build: {
    outDir: fileURLToPath(new URL('../dist/console', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // Nothing as a data: address, so that the content security policy need not allow any.
    assetsInlineLimit: 0,
    sourcemap: false,
    // Icons are a few hundred bytes each: together they are one request instead of forty.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'icons', test: /@tabler[\\/]icons-react/ }] } } },
  },
});
