import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { AppError } from '../platform/errors.ts';

export interface PasswordCost {
  memoryKiB: number;
  passes: number;
  parallelism: number;
}

/** What OWASP's password storage guide asks of Argon2id at the least where memory counts: 19 MiB, two passes, one lane. */
export const presentCost: PasswordCost = { memoryKiB: 19_456, passes: 2, parallelism: 1 };

const saltBytes = 16;
const tagBytes = 32;
const derive = promisify(argon2);

/** Hashing takes threads that also read footage, and memory: two at a time, and a queue that a flood cannot lengthen. */
const atOnce = 2;
const maxWaiting = 64;

/** The Argon2id hash (RFC 9106) of a password in PHC string form, which carries its own cost and salt. Errors: `sign_in_busy`. */
export async function hashPassword(password: string, cost: PasswordCost = presentCost): Promise<string> {
  const salt = randomBytes(saltBytes);
  const tag = await tagOf(password, salt, tagBytes, cost);
  return phcOf(salt, tag, cost);
}

/** A hash that belongs to no password and costs as much to verify as any: what a name that nobody has is held against. */
export function decoyHash(cost: PasswordCost = presentCost): string {
  return phcOf(randomBytes(saltBytes), randomBytes(tagBytes), cost);
}

/** Whether the password belongs to the hash. A string that is no Argon2id hash belongs to no password. Errors: `sign_in_busy`. */
export async function verifyPassword(password: string, phc: string): Promise<boolean> {
  const parsed = parsePhc(phc);
  if (parsed === undefined) return false;
  const tag = await tagOf(password, parsed.salt, parsed.tag.length, parsed.cost);
  return timingSafeEqual(tag, parsed.tag);
}

/** Whether a hash was made at another cost than today's, and is to be made anew when its password is at hand. */
export function needsRehash(phc: string, cost: PasswordCost = presentCost): boolean {
  const made = parsePhc(phc)?.cost;
  return (
    made === undefined ||
    made.memoryKiB !== cost.memoryKiB ||
    made.passes !== cost.passes ||
    made.parallelism !== cost.parallelism
  );
}

function parsePhc(phc: string): { cost: PasswordCost; salt: Buffer; tag: Buffer } | undefined {
  const match =
    /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/.exec(phc);
  if (match === null) return undefined;
  const [, memory, passes, lanes, salt = '', tag = ''] = match;
  const cost = { memoryKiB: Number(memory), passes: Number(passes), parallelism: Number(lanes) };
  if (cost.passes < 1 || cost.parallelism < 1 || cost.memoryKiB < 8 * cost.parallelism) return undefined;
  return { cost, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') };
}

function phcOf(salt: Buffer, tag: Buffer, { memoryKiB, passes, parallelism }: PasswordCost): string {
  return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}

let running = 0;
const waiting: (() => void)[] = [];

async function tagOf(password: string, nonce: Buffer, tagLength: number, cost: PasswordCost): Promise<Buffer> {
  if (running >= atOnce) {
    if (waiting.length >= maxWaiting) throw new AppError('unavailable', 'sign_in_busy');
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else {
    running += 1;
  }
  try {
    return await derive('argon2id', {
      // One keyboard writes "ế" as one character, another as three: both are the same password.
      message: password.normalize('NFKC'),
      nonce,
      tagLength,
      memory: cost.memoryKiB,
      passes: cost.passes,
      parallelism: cost.parallelism,
    });
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}
