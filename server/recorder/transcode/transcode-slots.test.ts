import { expect, test } from 'vitest';
import { TranscodeSlots } from './transcode-slots.ts';

test('a place is refused when none is free, and given to who waits when one is left', async () => {
  const slots = new TranscodeSlots(1);
  const leave = await slots.enter(0);
  await expect(slots.enter(0)).rejects.toMatchObject({ code: 'transcodes_busy', kind: 'unavailable', retry: true });
  const waiting = slots.enter(20_000);
  leave();
  leave();
  const next = await waiting;
  await expect(slots.enter(1)).rejects.toMatchObject({ code: 'transcodes_busy' });
  next();
  (await slots.enter(0))();
});

test('with no places at all nobody waits', async () => {
  await expect(new TranscodeSlots(0).enter(60_000)).rejects.toMatchObject({ code: 'transcodes_busy' });
});
