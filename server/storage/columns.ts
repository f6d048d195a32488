/** A truth value in a column: 0 or 1 in both dialects, since SQLite has no boolean and drivers disagree on what they return. */
export type Flag = number;

export const toFlag = (value: boolean): Flag => (value ? 1 : 0);
export const fromFlag = (flag: Flag): boolean => flag !== 0;
