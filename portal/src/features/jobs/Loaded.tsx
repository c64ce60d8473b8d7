import { Skeleton, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '@/ui/ErrorState';
import type { Answer } from './answer';

/** A panel's states; a failed refresh keeps what is known. */
export function Loaded<T>({ answer, children }: { answer: Answer<T>; children: (data: T) => ReactNode }) {
  const { t } = useTranslation();
  if (answer.data !== undefined) return children(answer.data);
  if (answer.error) return <ErrorState error={answer.error} onRetry={() => void answer.refetch()} needs={t('role.systemAdministrator')} />;
  return (
    <Stack p="lg" gap={20} aria-busy>
      {[80, 66, 72].map((width) => (
        <Skeleton key={width} height={16} width={`${width}%`} />
      ))}
    </Stack>
  );
}
