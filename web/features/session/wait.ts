/** How a wait is told: whole minutes from one minute on, whole seconds below; never less than what is left. */
export function waitParts(ms: number): { unit: 'minutes' | 'seconds'; count: number } {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  return seconds >= 60 ? { unit: 'minutes', count: Math.ceil(seconds / 60) } : { unit: 'seconds', count: seconds };
}
