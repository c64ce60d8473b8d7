import { ActionIcon, Group, Progress, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { shortDigest } from '@/lib/reference';
import { useFormat } from '@/ui/format';
import { ClearIcon, FailureIcon } from '@/ui/icons';
import { refusalText } from '@/ui/refusalText';
import type { Work } from './useArtifactWork';
import classes from './Repositories.module.css';

/** How far the work on many artifacts is, and what the server refused of it. */
export function WorkPanel({ work, onDismiss }: { work: Work; onDismiss: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const running = work.done < work.total;
  return (
    <Stack gap={8} className={classes.work} role="status">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" fw={600}>
          {running
            ? t(`artifacts.work.${work.doing}`, { done: format.number(work.done), total: format.number(work.total) })
            : t('artifacts.work.refused', { done: format.number(work.failures.length), total: format.number(work.total) })}
        </Text>
        {running ? (
          <Text size="sm" c="dimmed" className="tabular">
            {format.percent(work.done / work.total)}
          </Text>
        ) : (
          <ActionIcon variant="subtle" color="gray" aria-label={t('common.close')} onClick={onDismiss}>
            <ClearIcon size={16} />
          </ActionIcon>
        )}
      </Group>
      {running && <Progress value={(work.done / work.total) * 100} size="sm" aria-label={t('artifacts.work.progress')} />}
      {work.failures.length > 0 && (
        <ul className={classes.failures}>
          {work.failures.map(({ item, error }) => (
            <li key={item.digest}>
              <FailureIcon size={16} color="var(--mantine-color-error)" aria-hidden />
              <span>
                <b>{item.tags?.[0]?.name ?? shortDigest(item.digest)}</b> {refusalText(error)}
              </span>
            </li>
          ))}
        </ul>
      )}
      {running && (
        <Text size="xs" c="dimmed">
          {t('artifacts.work.leave')}
        </Text>
      )}
    </Stack>
  );
}
