import { Skeleton, Stack } from '@mantine/core';

export function CompareSkeleton() {
  return (
    <Stack gap="lg" aria-hidden>
      <Skeleton height={132} radius="lg" />
      <Skeleton height={260} radius="lg" />
    </Stack>
  );
}
