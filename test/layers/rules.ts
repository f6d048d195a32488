import type { Import } from './imports.ts';

/** Which way imports go. DESIGN: docs/design.md. Tests, and what only they use, may import anything. */

/** What each folder of server/ may import of ours besides itself. A new folder needs a row here. */
const layers: Readonly<Record<string, readonly string[]>> = {
  contracts: [],
  platform: ['contracts'],
  storage: ['platform', 'contracts'],
  recorder: ['platform', 'contracts'],
  cameras: ['storage', 'platform', 'contracts'],
  access: ['storage', 'platform', 'contracts'],
  supervision: ['storage', 'platform', 'contracts'],
  http: ['supervision', 'access', 'cameras', 'recorder', 'storage', 'platform', 'contracts'],
  cli: ['supervision', 'cameras', 'recorder', 'platform', 'contracts'],
  realtime: ['supervision', 'access', 'cameras', 'recorder', 'storage', 'platform', 'contracts'],
};

/** The interface between the halves: supervision may know its types. */
const recorderDoor = 'server/recorder/recorder.ts';

/** Packages that only some files may know, by the beginnings of their paths. */
const keepers: Readonly<Record<string, readonly string[]>> = {
  express: ['server/http/'],
  'socket.io': ['server/realtime/'],
  'node-onvif': ['server/cameras/onvif/'],
  'fluent-ffmpeg': ['server/recorder/stream/ffmpeg.ts'],
  nodemailer: ['server/supervision/notifications/mail-sender.ts'],
};

const pureFiles = /(-policy|-arguments|-playlist)\.tsx?$/;
const outsideWorld = /^node:(fs|net|tls|dgram|dns|http|https|http2|child_process|worker_threads|timers|os)(\/|$)/;

export interface Rule {
  name: string;
  /** True where the import breaks the rule. */
  broken: (one: Import) => boolean;
}

export const rules: readonly Rule[] = [
  {
    name: 'imports of the server go one way',
    broken: ({ file, target, typeOnly }) => {
      const from = serverFolder(file);
      const to = target === null ? null : serverFolder(target);
      if (from === null || to === null || from === to) return false;
      if (from === 'supervision' && target === recorderDoor && typeOnly) return false;
      return !(layers[from] ?? []).includes(to);
    },
  },
  {
    name: 'every folder of the server has its place among the layers',
    broken: ({ file }) => {
      const folder = serverFolder(file);
      return folder !== null && !(folder in layers);
    },
  },
  {
    name: 'no part imports the files that put the parts together',
    broken: ({ file, target }) => serverFolder(file) !== null && target !== null && /^server\/[^/]+$/.test(target),
  },
  {
    name: 'contracts know zod and nothing else',
    broken: ({ file, module }) => file.startsWith('server/contracts/') && module !== null && module !== 'zod',
  },
  {
    name: 'nothing but compose imports http',
    broken: ({ file, target }) =>
      inProduct(file) &&
      isIn(target, 'server/http/') &&
      !file.startsWith('server/http/') &&
      file !== 'server/compose.ts',
  },
  {
    name: 'the product does not import scripts or tests',
    broken: ({ file, target }) => inProduct(file) && target !== null && /^(scripts|test)\//.test(target),
  },
  {
    name: 'the server does not import the console',
    broken: ({ file, target }) => file.startsWith('server/') && isIn(target, 'web/'),
  },
  {
    name: 'the console knows the contracts of the server and nothing else of it',
    broken: ({ file, target }) =>
      file.startsWith('web/') && isIn(target, 'server/') && !isIn(target, 'server/contracts/'),
  },
  {
    name: 'features of the console do not import each other',
    broken: ({ file, target }) => {
      const [from, to] = [featureOf(file), target === null ? null : featureOf(target)];
      return from !== null && to !== null && from !== to;
    },
  },
  ...Object.entries(keepers).map(([packageName, places]) => ({
    name: `only ${places.join(' and ')} imports ${packageName}`,
    broken: ({ file, module }: Import) =>
      inProduct(file) && module === packageName && !places.some((place) => file.startsWith(place)),
  })),
  {
    name: 'policies, argument builders and playlist writers are pure',
    broken: ({ file, module, target, typeOnly }) =>
      inProduct(file) &&
      pureFiles.test(file) &&
      !typeOnly &&
      ((module !== null && outsideWorld.test(module)) || target === 'server/platform/clock.ts'),
  },
];

function isIn(path: string | null, folder: string): boolean {
  return path?.startsWith(folder) ?? false;
}

function inProduct(file: string): boolean {
  return file.startsWith('server/') || file.startsWith('web/');
}

/** The folder of server/ that a file is in; null for files right in server/ and elsewhere. */
function serverFolder(path: string): string | null {
  return /^server\/([^/]+)\//.exec(path)?.[1] ?? null;
}

function featureOf(path: string): string | null {
  return /^web\/features\/([^/]+)\//.exec(path)?.[1] ?? null;
}
