import { expect, test } from 'vitest';
import { ApiError } from '@/lib/problem';
import { forEach } from './bulk';

test('a refusal stops one and not the others, and is told with its reason', async () => {
  const done: string[] = [];
  const failures = await forEach(['amara', 'jonas', 'yuki'], async (name) => {
    if (name === 'jonas') throw new ApiError({ status: 404, code: 'NOT_FOUND', message: 'member not found' });
    done.push(name);
  });
  expect(done).toEqual(['amara', 'yuki']);
  expect(failures).toEqual([{ item: 'jonas', reason: 'member not found' }]);
});
