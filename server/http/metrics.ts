import express, { type Router } from 'express';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Recorder } from '../recorder/recorder.ts';

/** Prometheus metrics, for callers on this machine only. */
export function metricsRouter(recorder: Recorder): Router {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'lienthong_' });
  new Gauge({
    name: 'lienthong_streams',
    help: 'Streams by state',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      this.reset();
      for (const { streams } of await recorder.states()) for (const { state } of streams) this.inc({ state });
    },
  });
  new Gauge({
    name: 'lienthong_archive_bytes',
    help: 'Bytes of recordings',
    registers: [registry],
    async collect() {
      this.set((await recorder.health()).archive.bytes);
    },
  });
  const router = express.Router();
  router.get('/metrics', async (req, res) => {
    if (!isLoopback(req.socket.remoteAddress)) {
      res.status(404).end();
      return;
    }
    res.type(registry.contentType).send(await registry.metrics());
  });
  return router;
}

function isLoopback(address: string | undefined): boolean {
  return address === '::1' || (address?.replace(/^::ffff:/, '').startsWith('127.') ?? false);
}
