const STORED = 'lienthong.simulated';

/** Remembers on this machine whether the server shows a simulated city, so that the sign-in page can say so too. */
export function rememberSimulated(simulated: boolean): void {
  try {
    if (simulated) localStorage.setItem(STORED, '1');
    else localStorage.removeItem(STORED);
  } catch {
    // Without storage only signed-in pages say it.
  }
}

export function lastKnownSimulated(): boolean {
  try {
    return localStorage.getItem(STORED) === '1';
  } catch {
    return false;
  }
}
