import express, { type Router } from 'express';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { VolumeHealth } from '../contracts/health.ts';
import type { Recorder, RecorderStreamMetrics } from '../recorder/recorder.ts';

/** Prometheus metrics, for callers on this machine only. `push` tells how the push streams fare. */
export function metricsRouter(recorder: Recorder, push: { readonly count: number; readonly skips: number }): Router {
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
    name: 'lienthong_push_viewers',
    help: 'Push streams that are being sent',
    registers: [registry],
    collect() {
      this.set(push.count);
    },
  });
  new Counter({
    name: 'lienthong_push_skips_total',
    help: 'Times that a viewer of a push stream could not keep up and was given the next keyframe',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(push.skips);
    },
  });
  const streams = streamMetrics(registry);
  const archiveBytes = new Gauge({
    name: 'lienthong_archive_bytes',
    help: 'Bytes of recordings',
    registers: [registry],
  });
  const volumes = volumeMetrics(registry);
  const router = express.Router();
  router.get('/metrics', async (req, res) => {
    // A proxy on this machine is a caller on this machine; whom it speaks for is not.
    const proxied = req.headers.forwarded ?? req.headers['x-forwarded-for'];
    if (proxied !== undefined || !isLoopback(req.socket.remoteAddress)) {
      res.status(404).end();
      return;
    }
    streams.show(await recorder.streamMetrics());
    const health = await recorder.health();
    archiveBytes.set(health.archive.bytes);
    volumes.show(health.volumes ?? []);
    res.type(registry.contentType).send(await registry.metrics());
  });
  return router;
}

/** Metrics of every stream, filled from one look at the recorder each time they are asked for. */
function streamMetrics(registry: Registry): { show(all: readonly RecorderStreamMetrics[]): void } {
  const labelNames = ['camera', 'stream'];
  const registers = [registry];
  const gauge = (name: string, help: string, more: string[] = []) =>
    new Gauge({ name: `lienthong_stream_${name}`, help, labelNames: [...labelNames, ...more], registers });
  const counter = (name: string, help: string, more: string[] = []) =>
    new Counter({ name: `lienthong_stream_${name}_total`, help, labelNames: [...labelNames, ...more], registers });
  const state = gauge('state', '1 for the state that the stream is in', ['state']);
  const drift = gauge('drift_seconds', 'How much later than its timestamps say the stream arrives');
  const lastFrame = gauge('last_frame_timestamp_seconds', 'When the last frame arrived');
  const fragments = counter('fragments', 'Fragments received');
  const frames = counter('frames', 'Frames received');
  const bytes = counter('bytes', 'Bytes of video received');
  const restarts = counter('restarts', 'Restarts after a run that ended by itself', ['cause']);
  const all = [state, drift, lastFrame, fragments, frames, bytes, restarts];
  return {
    show(metrics) {
      for (const metric of all) metric.reset();
      for (const one of metrics) {
        const labels = { camera: one.cameraId, stream: one.stream };
        state.set({ ...labels, state: one.state }, 1);
        if (one.driftMs !== null) drift.set(labels, one.driftMs / 1000);
        if (one.lastFrameMs !== null) lastFrame.set(labels, one.lastFrameMs / 1000);
        fragments.inc(labels, one.fragments);
        frames.inc(labels, one.frames);
        bytes.inc(labels, one.bytes);
        for (const [cause, count] of Object.entries(one.failures)) restarts.inc({ ...labels, cause }, count);
      }
    },
  };
}

/** Metrics of every volume of the archive, filled in the same way. */
function volumeMetrics(registry: Registry): { show(all: readonly VolumeHealth[]): void } {
  const registers = [registry];
  const gauge = (name: string, help: string, more: string[] = []) =>
    new Gauge({ name: `lienthong_volume_${name}`, help, labelNames: ['volume', ...more], registers });
  const counter = (name: string, help: string) =>
    new Counter({ name: `lienthong_volume_${name}_total`, help, labelNames: ['volume'], registers });
  const state = gauge('state', '1 for the state that the volume is in', ['state']);
  const free = gauge('free_bytes', 'Free bytes of its file system');
  const used = gauge('used_bytes', 'Bytes of recordings on it');
  const reserve = gauge('reserve_bytes', 'Bytes that stay free');
  const days = gauge('days_left', 'Days until its reserve is reached, at the present rate');
  const files = counter('deleted_files', 'Recordings deleted by retention');
  const bytes = counter('deleted_bytes', 'Bytes deleted by retention');
  return {
    show(all) {
      for (const metric of [state, free, used, reserve, days, files, bytes]) metric.reset();
      for (const one of all) {
        const labels = { volume: one.name };
        state.set({ ...labels, state: one.state }, 1);
        used.set(labels, one.usedBytes);
        files.inc(labels, one.deletedFiles);
        bytes.inc(labels, one.deletedBytes);
        if (one.state === 'offline') continue;
        free.set(labels, one.freeBytes);
        reserve.set(labels, one.reserveBytes);
        if (one.daysLeft !== null) days.set(labels, one.daysLeft);
      }
    },
  };
}

function isLoopback(address: string | undefined): boolean {
  return address === '::1' || (address?.replace(/^::ffff:/, '').startsWith('127.') ?? false);
}
