import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);
/** Smaller ones travel in one packet either way. */
const LEAST_BYTES = 1_000;

/** Lays a `.br` and a `.gz` beside every text of a built console, so that the server compresses none of them again and again. */
export async function compressFiles(folder: string): Promise<void> {
  const names: string[] = [];
  for await (const name of glob('**/*.{js,css,svg,html}', { cwd: folder })) names.push(name);
  await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const bytes = await readFile(path);
      if (bytes.length < LEAST_BYTES) return;
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
      await writeFile(`${path}.br`, await brotli(bytes, { params }));
      await writeFile(`${path}.gz`, await zip(bytes, { level: 9 }));
    }),
  );
}
