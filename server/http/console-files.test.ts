import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import express from 'express';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { consoleFiles } from './console-files.ts';

const code = `export const words = '${'xem lại '.repeat(200)}';\n`;
let folder: string;
let server: Server;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Liên Thông</title>');
  await writeFile(join(folder, 'assets/start-1.js'), code);
  await writeFile(join(folder, 'assets/start-1.js.br'), brotliCompressSync(code));
  await writeFile(join(folder, 'assets/start-1.js.gz'), gzipSync(code));
  await writeFile(join(folder, 'assets/plain-1.js'), code);
  server = createServer(express().use(consoleFiles(folder)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

function get(path: string, accept: string): Promise<{ status: number; headers: NodeJS.Dict<unknown>; body: Buffer }> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, headers: { 'accept-encoding': accept } }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk) => chunks.push(chunk));
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks) }));
    })
      .once('error', reject)
      .end();
  });
}

it('sends what was compressed with the build, in the best way that the browser takes, to be kept for good', async () => {
  const best = await get('/assets/start-1.js', 'gzip, deflate, br');
  expect(best.headers).toMatchObject({
    'content-encoding': 'br',
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
  });
  expect(best.headers.vary).toMatch(/accept-encoding/i);
  expect(brotliDecompressSync(best.body).toString()).toBe(code);

  const older = await get('/assets/start-1.js', 'gzip');
  expect(older.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(older.body).toString()).toBe(code);

  const none = await get('/assets/start-1.js', 'identity');
  expect(none.headers['content-encoding']).toBeUndefined();
  expect(none.headers.vary).toMatch(/accept-encoding/i);
  expect(none.body.toString()).toBe(code);
});

it('sends a file that lies there uncompressed, and none outside the folder', async () => {
  const plain = await get('/assets/plain-1.js', 'identity');
  expect(plain.body.toString()).toBe(code);
  expect((await get('/assets/gone-1.js', 'br')).status).toBe(404);
  expect((await get('/assets/..%2findex.html', 'br')).status).not.toBe(200);
});

it('asks again for a page each time, since it names the files', async () => {
  const page = await get('/overview', 'br');
  expect(page.status).toBe(200);
  expect(page.headers['cache-control']).toBe('no-cache');
});
