import { Skeleton, Stack } from '@mantine/core';

export function PageSkeleton() {
  return (
    <Stack gap="lg" aria-hidden>
      <Skeleton height={28} width="34%" />
      <Skeleton height={280} radius="lg" />
    </Stack>
  );
}
