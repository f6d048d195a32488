/** The other Vietnamese texts by namespace. */
export const texts = import.meta.glob<Record<string, unknown>>(
  ['./vi/*.json', '!./vi/common.json', '!./vi/session.json', '!./vi/overview.json'],
  { eager: true, import: 'default' },
);
