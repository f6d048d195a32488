/** What a column takes: the same on SQLite and on PostgreSQL, whose driver would turn anything else into some text. */
export type ColumnValue = null | string | number | bigint | Uint8Array;

/** Throws a `TypeError` for what is no value of a column. */
export function bindable(value: unknown): ColumnValue {
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    value instanceof Uint8Array
  ) {
    return value;
  }
  // A boolean stands for a `Flag` in a comparison that Kysely builds itself.
  if (typeof value === 'boolean') return value ? 1 : 0;
  throw new TypeError(`a ${typeof value} cannot be stored in a column`);
}
