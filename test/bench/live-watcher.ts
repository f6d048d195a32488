import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

const strip = readFileSync(new URL('../../scripts/simulator/frame-strip.ts', import.meta.url), 'utf8');

/**
 * Runs in the page of the wall: reads the frame numbers drawn into the simulated pictures from what every video shows, and keeps how
 * old each was when it was put on the screen. Only a few frames of each tile are read, so that reading costs little of what is measured.
 */
export function liveWatcher(loopFrames: number): string {
  return `(() => {
${stripTypeScriptTypes(strip).replaceAll('export ', '')}
const loopMs = ${loopFrames * 40};
const everyMs = 400;
const stallMs = 500;
const canvas = document.createElement('canvas');
const context = canvas.getContext('2d', { willReadFrequently: true });
const bench = { ages: [], first: [], stalls: 0, mounted: new Map(), pictured: new Set(), stopped: false };
window.benchLive = bench;
window.benchLiveStop = () => { bench.stopped = true; };
window.benchLiveReset = () => { bench.ages = []; bench.stalls = 0; };

const ageOf = (video, shownMs) => {
  const { videoWidth: width, videoHeight: height } = video;
  const rect = stripRect(width, height);
  canvas.width = rect.width;
  canvas.height = rect.height;
  context.drawImage(video, rect.x, rect.y, rect.width, rect.height, 0, 0, rect.width, rect.height);
  const luma = rgbaLuma(context.getImageData(0, 0, rect.width, rect.height).data, rect.width);
  const frame = decodeFrameNumber((x, y) => luma(x - rect.x, y - rect.y), width, height);
  return frame === undefined ? null : (((shownMs - frame * 40) % loopMs) + loopMs) % loopMs;
};

const watch = (video, camera) => {
  let read = 0;
  let last = 0;
  const frame = (now, { expectedDisplayTime }) => {
    if (!video.isConnected || bench.stopped) return;
    if (!bench.pictured.has(camera)) {
      bench.pictured.add(camera);
      bench.first.push(now - bench.mounted.get(camera));
    }
    if (last > 0 && now - last > stallMs) bench.stalls += 1;
    last = now;
    if (now - read >= everyMs) {
      read = now;
      const age = ageOf(video, performance.timeOrigin + expectedDisplayTime);
      if (age !== null) bench.ages.push(age);
    }
    video.requestVideoFrameCallback(frame);
  };
  video.requestVideoFrameCallback(frame);
};

const look = (node) => {
  if (!(node instanceof Element)) return;
  for (const tile of [node, ...node.querySelectorAll('[data-testid=tile]')]) {
    if (tile.dataset?.testid === 'tile' && !bench.mounted.has(tile.dataset.camera)) {
      bench.mounted.set(tile.dataset.camera, performance.now());
    }
  }
  for (const video of [node, ...node.querySelectorAll('video')]) {
    const tile = video.tagName === 'VIDEO' ? video.closest('[data-testid=tile]') : null;
    if (tile !== null) watch(video, tile.dataset.camera);
  }
};
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) for (const node of addedNodes) look(node);
}).observe(document, { childList: true, subtree: true });
})();`;
}
