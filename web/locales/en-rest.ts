/** The other English texts by namespace. */
export const texts = import.meta.glob<Record<string, unknown>>(
  ['./en/*.json', '!./en/common.json', '!./en/session.json', '!./en/overview.json'],
  { eager: true, import: 'default' },
);
