/** Every Vietnamese text by namespace. */
export const texts = import.meta.glob<Record<string, unknown>>('./vi/*.json', { eager: true, import: 'default' });
