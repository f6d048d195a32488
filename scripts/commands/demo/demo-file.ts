import { randomBytes, randomInt } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { role } from '../../../server/contracts/roles.ts';
import { people } from './demo-city.ts';

const account = z.object({ role, username: z.string(), password: z.string(), unit: z.string().optional() });
export type DemoAccount = z.infer<typeof account>;

const demoCamera = z.object({
  id: z.string(),
  unit: z.string(),
  deskId: z.string(),
  /** Main stream, with user name and password, as a player wants it. */
  rtsp: z.string(),
  onvif: z.string(),
});
export type DemoCameraEntry = z.infer<typeof demoCamera>;

const demo = z.object({
  url: z.string(),
  accounts: z.array(account),
  cameras: z.array(demoCamera),
  /** True once people, cameras and history have been made. */
  prepared: z.boolean().default(false),
  /** What the simulated cameras are started with; the mark tells them from those of another demo on this machine. */
  fleet: z.object({
    mark: z.string(),
    username: z.string(),
    password: z.string(),
    ports: z.array(z.object({ onvif: z.number(), rtsp: z.number() })),
  }),
});
export type Demo = z.infer<typeof demo>;

/** `<data>/demo.json`: what people and programs need to work with the demo, for the owner of the data alone. */
export class DemoFile {
  readonly path: string;

  constructor(dataDir: string) {
    this.path = join(dataDir, 'demo.json');
  }

  /** Null where there is none. Errors: `Error` when it is no such file. */
  async read(): Promise<Demo | null> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
    try {
      return demo.parse(JSON.parse(text));
    } catch (error) {
      throw new Error(`${this.path} is not what the demo wrote; start with another LIENTHONG_DATA_DIR`, {
        cause: error,
      });
    }
  }

  async write(content: Demo): Promise<void> {
    await mkdir(join(this.path, '..'), { recursive: true });
    const part = `${this.path}.part`;
    await writeFile(part, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    await rename(part, this.path);
  }
}

/** A demo that is yet to be set up: its passwords are chosen now, so that an interrupted set-up can go on. */
export function newDemo(): Demo {
  return {
    url: '',
    accounts: people.map(({ role, username, unit }) => ({ role, username, password: newPassword(), unit })),
    cameras: [],
    prepared: false,
    fleet: { mark: randomBytes(3).toString('hex'), username: 'lienthong', password: newPassword(), ports: [] },
  };
}

/** Without characters that are taken for one another when read out. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';

function newPassword(): string {
  const part = () => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('');
  return `${part()}-${part()}-${part()}`;
}
