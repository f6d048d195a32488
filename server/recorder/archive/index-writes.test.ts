import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IndexWrites } from './index-writes.ts';

const sqlite = (errcode: number) => Object.assign(new Error(`sqlite ${errcode}`), { errcode });
let refusal: Error | null;
let told: (string | null)[];
let done: string[];
let writes: IndexWrites;

beforeEach(() => {
  vi.useFakeTimers();
  refusal = null;
  told = [];
  done = [];
  writes = new IndexWrites(
    (work) => {
      if (refusal !== null) throw refusal;
      work();
    },
    (error) => told.push(error?.message ?? null),
  );
});

afterEach(() => vi.useRealTimers());

const write = (what: string) => writes.write(() => void done.push(what));

describe('what is recorded', () => {
  it('is written at once while the index takes it', () => {
    void write('a');
    expect([done, told]).toEqual([['a'], []]);
  });

  it.each([
    ['locked', 5],
    ['locked within', 6],
    ['read-only', 8],
    ['an I/O error, its extended code', 10 | (3 << 8)],
    ['damaged', 11],
    ['full', 13],
    ['out of reach', 14],
    ['no database', 26],
  ])('waits in order for an index that is %s', async (_, code) => {
    refusal = sqlite(code);
    const first = write('a');
    void write('b');
    expect(done).toEqual([]);
    expect(writes.refused).toBe(refusal);
    await vi.advanceTimersByTimeAsync(5000);
    expect(done).toEqual([]);
    refusal = null;
    await vi.advanceTimersByTimeAsync(500);
    await first;
    expect(done).toEqual(['a', 'b']);
    expect(writes.refused).toBeNull();
    expect(told).toEqual([`sqlite ${code}`, null]);
  });

  it('is not tried at every call while the index is known to refuse, since each attempt may take its time', () => {
    refusal = sqlite(5);
    const attempts = vi.fn();
    writes = new IndexWrites(
      () => {
        attempts();
        throw sqlite(5);
      },
      () => {},
    );
    for (let i = 0; i < 100; i += 1) void write('a');
    expect(attempts).toHaveBeenCalledTimes(1);
  });

  it('is refused for good when waiting would mend nothing, and holds nothing else up', () => {
    const wrong = sqlite(19);
    expect(() =>
      writes.write(() => {
        throw wrong;
      }),
    ).toThrow(wrong);
    void write('b');
    expect([done, told]).toEqual([['b'], []]);
  });

  it('is tried once more at the end, and then left to the next start', async () => {
    refusal = sqlite(13);
    const left = write('a');
    writes.end();
    await expect(left).rejects.toBe(refusal);
    refusal = null;
    await expect(write('b')).rejects.toThrow('closed');
    expect(done).toEqual([]);
  });
});
