/** A file that parts are written to as they come, and out of which they can be read again. */
export interface PartFile {
  /** Whether every byte before `end` has been written, and nothing has been refused since. */
  holds(end: number): boolean;
  /** Whole parts as they came, decode times too. Rejects when they cannot be read (any more). */
  read(offset: number, bytes: number): Promise<Uint8Array>;
}

/** Where a part is written. */
export interface StoredPart {
  file: PartFile;
  offset: number;
}
