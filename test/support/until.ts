/** Waits until the condition holds; fails with its last error, or says that it never held, after `withinMs`. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> {
  const end = performance.now() + withinMs;
  let failure: unknown;
  while (performance.now() < end) {
    try {
      if (await condition()) return;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw failure ?? new Error(`the condition did not hold within ${withinMs} ms: ${condition}`);
}
