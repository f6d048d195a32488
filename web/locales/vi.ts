/** The Vietnamese texts that the first pages need, by namespace. */
export const texts = import.meta.glob<Record<string, unknown>>('./vi/{common,session,overview}.json', {
  eager: true,
  import: 'default',
});
