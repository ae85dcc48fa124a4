import { describe, expect, test } from '@jest/globals';
import { BatchOverflowError, NaturalBatch } from './natural-batch.js';
import type { NaturalBatchOptions } from './natural-batch.js';

const POISON = 13;
const OUTAGE = new Error('the server is away');

/** Multiplies by ten and keeps account of its batches; a batch with poison fails as a whole. */
function multiplier(options: Partial<NaturalBatchOptions<number, number>> = {}): {
  batch: NaturalBatch<number, number>;
  runs: (readonly number[])[];
} {
  const runs: (readonly number[])[] = [];
  const batch = new NaturalBatch<number, number>({
    run: (items) => {
      runs.push(items);
      if (items.includes(POISON)) return Promise.reject(new Error('poison'));
      return Promise.resolve(items.map((item) => item * 10));
    },
    ...options,
  });
  return { batch, runs };
}

describe('NaturalBatch', () => {
  test('what arrives together travels together, each item with its own result', async () => {
    const { batch, runs } = multiplier();
    await expect(Promise.all([3, 1, 2].map((item) => batch.add(item)))).resolves.toEqual([30, 10, 20]);
    expect(runs).toEqual([[3, 1, 2]]);
  });

  test('what gathers while a batch is in flight travels in the next ones, none of them too large', async () => {
    const runs: (readonly number[])[] = [];
    const late: Promise<number>[] = [];
    const batch: NaturalBatch<number, number> = new NaturalBatch<number, number>({
      sizeMax: 2,
      run: (items) => {
        runs.push(items);
        if (runs.length === 1) late.push(...[2, 3, 4].map((item) => batch.add(item)));
        return Promise.resolve(items);
      },
    });
    await batch.add(1);
    expect(batch.backlog).toBeLessThanOrEqual(3);
    await expect(Promise.all(late)).resolves.toEqual([2, 3, 4]);
    expect(runs).toEqual([[1], [2, 3], [4]]);
  });

  test('what has gathered sets off before the results of the batch before it are handed out', async () => {
    const seen: string[] = [];
    const late: Promise<unknown>[] = [];
    const batch: NaturalBatch<number, number> = new NaturalBatch<number, number>({
      run: (items) => {
        seen.push(`sets off ${items.join()}`);
        if (items.includes(1)) late.push(batch.add(2).then(() => seen.push('hands out 2')));
        return Promise.resolve(items);
      },
    });
    await batch.add(1).then(() => seen.push('hands out 1'));
    await Promise.all(late);
    expect(seen).toEqual(['sets off 1', 'sets off 2', 'hands out 1', 'hands out 2']);
  });

  test.each([
    [1, [1, 1, 1, 1]],
    [2, [1, 2, 2, 2]],
  ])(
    'where %d may be in flight there are never more, and they do not wait for each other',
    async (inFlightMax, expected) => {
      let inFlight = 0;
      const seen: number[] = [];
      const releases: (() => void)[] = [];
      const batch = new NaturalBatch<number, number>({
        inFlightMax,
        sizeMax: 2,
        run: async (items) => {
          seen.push((inFlight += 1));
          await new Promise<void>((resolve) => releases.push(resolve));
          inFlight -= 1;
          return items;
        },
      });
      const settled = Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((item) => batch.add(item)));
      const isDone = settled.then(() => true);
      // The last one to set off comes back first: results find their items all the same.
      while (!(await Promise.race([isDone, new Promise<false>((resolve) => setImmediate(() => resolve(false)))]))) {
        releases.pop()?.();
      }
      await expect(settled).resolves.toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(seen).toEqual(expected);
    },
  );

  test('a poison item fails alone', async () => {
    const { batch, runs } = multiplier();
    const settled = await Promise.allSettled([1, POISON, 2].map((item) => batch.add(item)));
    expect(settled.map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual([10, 'failed', 20]);
    expect(runs).toEqual([[1, POISON, 2], [1], [POISON], [2]]);
  });

  test.each([
    ['never', false],
    ['not after this error', (error: unknown) => error !== OUTAGE],
  ])('a batch that is split %s fails as one', async (_, splitOnFailure) => {
    let runs = 0;
    const { batch } = multiplier({
      splitOnFailure,
      run: () => {
        runs += 1;
        return Promise.reject(OUTAGE);
      },
    });
    const settled = await Promise.allSettled([1, 2, 3].map((item) => batch.add(item)));
    expect(settled).toEqual([1, 2, 3].map(() => ({ status: 'rejected', reason: OUTAGE })));
    expect(runs).toBe(1);
  });

  test('after an error that the predicate lets through it is split', async () => {
    const { batch, runs } = multiplier({ splitOnFailure: (error) => error !== OUTAGE });
    await Promise.allSettled([1, POISON].map((item) => batch.add(item)));
    expect(runs).toEqual([[1, POISON], [1], [POISON]]);
  });

  test('more than may wait is refused at once, and what waits is still done', async () => {
    const { batch } = multiplier({ waitingMax: 2 });
    const kept = [batch.add(1), batch.add(2)];
    await expect(batch.add(3)).rejects.toBeInstanceOf(BatchOverflowError);
    await expect(Promise.all(kept)).resolves.toEqual([10, 20]);
    await expect(batch.add(4)).resolves.toBe(40);
  });

  test('an item without a result is rejected', async () => {
    const { batch } = multiplier({ run: () => Promise.resolve([7]) });
    const settled = await Promise.allSettled([1, 2].map((item) => batch.add(item)));
    expect(settled.map((one) => one.status)).toEqual(['fulfilled', 'rejected']);
  });

  test('is idle when nothing waits and nothing is in flight', async () => {
    let release: () => void = () => undefined;
    const { batch } = multiplier({
      run: async (items) => {
        await new Promise<void>((resolve) => (release = resolve));
        return items;
      },
    });
    await batch.whenIdle();
    const settled = batch.add(1);
    let isIdle = false;
    const idle = batch.whenIdle().then(() => (isIdle = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isIdle).toBe(false);
    release();
    await expect(settled).resolves.toBe(1);
    await idle;
    expect(isIdle).toBe(true);
    expect(batch.backlog).toBe(0);
  });
});
