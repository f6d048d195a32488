import { existsSync } from 'node:fs';
import { join } from 'node:path';
import compression from 'compression';
import express, { type Router } from 'express';

/**
 * The built console. Files under assets/ carry a hash in their names and are kept by the browser for good; every other
 * address that asks for a page gets index.html, since the console has routes of its own.
 */
export function consoleFiles(folder: string): Router {
  const router = express.Router();
  router.use(compression());
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), { immutable: true, maxAge: '365d', index: false, fallthrough: false }),
  );
  router.use(express.static(folder, { index: false, maxAge: 0 }));
  router.get('/*page', page);
  router.get('/', page);
  return router;

  function page(_req: express.Request, res: express.Response): void {
    const file = join(folder, 'index.html');
    if (!existsSync(file)) {
      res.status(503).type('text/plain').send('The console is not built yet: run scripts/run.');
      return;
    }
    res.set('cache-control', 'no-cache').sendFile(file);
  }
}
