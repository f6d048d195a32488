import type { Layer, Scene, SceneOptions } from './scene.ts';

/** Raise when the drawings change: cached clips of older drawings are then made anew. */
export const DRAWING_VERSION = 1;

/** The scene that the options describe. */
export function composeScene(options: SceneOptions): Scene {
  const background = `<rect width="1920" height="1080" fill="#D9D3C3"/><rect y="560" width="1920" height="520" fill="#8A623F"/>
<rect x="500" y="60" width="920" height="300" fill="#1B3E78"/>
<text x="960" y="180" text-anchor="middle" font-family="Be Vietnam Pro" font-weight="600" font-size="64" fill="#fff">BỘ PHẬN TIẾP NHẬN</text>
<text x="960" y="270" text-anchor="middle" font-family="Be Vietnam Pro" font-weight="600" font-size="64" fill="#fff">VÀ TRẢ KẾT QUẢ</text>
<text x="960" y="760" text-anchor="middle" font-family="Be Vietnam Pro" font-weight="600" font-size="64" fill="#fff">${options.plate}</text>
<text x="1880" y="1050" text-anchor="end" font-family="Be Vietnam Pro" font-weight="600" font-size="44" fill="#fff">MÔ PHỎNG</text>`;
  const citizen: Layer = {
    svg: '<circle cx="400" cy="700" r="90" fill="#222"/><rect x="280" y="780" width="240" height="300" rx="80" fill="#4A6B52"/>',
    box: { x: 270, y: 600, width: 260, height: 480 },
    at: (second) => (second < 40 ? { dx: Math.min(0, second * 120 - 600) + Math.sin(second) * 4, dy: 0 } : undefined),
  };
  return { background, layers: [citizen] };
}
