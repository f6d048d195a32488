import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import compression from 'compression';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const encodings = [
  { name: 'br', ending: '.br' },
  { name: 'gzip', ending: '.gz' },
];

/**
 * The built console. Files under assets/ carry a hash in their names and are kept by the browser for good; every other
 * address that asks for a page gets index.html, since the console has routes of its own. What was compressed with the build is sent as it is.
 */
export function consoleFiles(folder: string): Router {
  const router = express.Router();
  const assets = join(folder, 'assets');
  router.use('/assets', (req, res, next) => preferCompressed(assets, req, res, next));
  router.use(compression());
  router.use('/assets', express.static(assets, { immutable: true, maxAge: '365d', index: false, fallthrough: false }));
  router.use(express.static(folder, { index: false, maxAge: 0 }));
  router.get('/*page', page);
  router.get('/', page);
  return router;

  function page(_req: Request, res: Response): void {
    const file = join(folder, 'index.html');
    if (!existsSync(file)) {
      res.status(503).type('text/plain').send('The console is not built yet: run scripts/run.');
      return;
    }
    res.set('cache-control', 'no-cache').sendFile(file);
  }
}

/** Turns the request to the file that lies compressed beside the one that is asked for, if the browser takes it. */
function preferCompressed(assets: string, req: Request, res: Response, next: NextFunction): void {
  const type = types[extname(req.path)];
  // Names of the build are flat; anything else is left to what serves files.
  if (type === undefined || !/^\/[\w.-]+$/.test(req.path)) {
    next();
    return;
  }
  res.vary('accept-encoding');
  const encoding = encodings.find(
    ({ name, ending }) => req.acceptsEncodings(name) !== false && existsSync(join(assets, req.path + ending)),
  );
  if (encoding !== undefined) {
    res.set('content-type', type);
    res.set('content-encoding', encoding.name);
    req.url = req.path + encoding.ending;
  }
  next();
}
