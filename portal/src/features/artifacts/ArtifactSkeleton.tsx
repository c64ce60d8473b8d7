import { Skeleton, Stack } from '@mantine/core';

export function ArtifactSkeleton() {
  return (
    <Stack gap="lg" aria-hidden>
      <Skeleton height={108} radius="lg" />
      <Skeleton height={36} width="40%" />
      <Skeleton height={320} radius="lg" />
    </Stack>
  );
}
