import { expect, test } from 'vitest';
import { forEach, type Progress } from './bulk';

test('what is refused is kept with its reason and the rest is done', async () => {
  const seen: Progress<number>[] = [];
  const touched: number[] = [];
  const result = await forEach(
    [1, 2, 3, 4, 5, 6, 7],
    async (item) => {
      if (item % 3 === 0) throw new Error(`no ${item}`);
      touched.push(item);
    },
    (progress) => seen.push(progress),
  );
  expect(touched.sort()).toEqual([1, 2, 4, 5, 7]);
  expect(result).toEqual({ total: 7, done: 7, failures: [{ item: 3, error: new Error('no 3') }, { item: 6, error: new Error('no 6') }] });
  expect(seen[0]).toEqual({ total: 7, done: 0, failures: [] });
  expect(seen.map((progress) => progress.done)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('no more than four are under way at once', async () => {
  let under = 0;
  let most = 0;
  await forEach(Array.from({ length: 20 }, (_, i) => i), async () => {
    most = Math.max(most, ++under);
    await Promise.resolve();
    under--;
  }, () => undefined);
  expect(most).toBe(4);
});

test('nothing to do is done at once', async () => {
  expect(await forEach([], async () => undefined, () => undefined)).toEqual({ total: 0, done: 0, failures: [] });
});
