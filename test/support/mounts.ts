import { execFileSync } from 'node:child_process';

/** Whether this process may mount: root on a machine that allows it. Tried in a mount namespace of its own. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0 && tryMount();

function tryMount(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A small file system in memory. */
export function mountTmpfs(path: string, bytes: number): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=755`, 'tmpfs', path]);
}

/** Takes a file system away from under whoever has files open on it. */
export function unmount(path: string): void {
  execFileSync('umount', ['--lazy', path]);
}
