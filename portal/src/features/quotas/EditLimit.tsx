import { ActionIcon, Group, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '@/api/keys';
import { CheckIcon, CloseIcon } from '@/ui/icons';
import { notify } from '@/ui/notify';
import { Refusal } from '@/ui/Refusal';
import { StorageInput } from '@/ui/StorageInput';
import { quotaQuery, useSetLimit, type QuotaRow } from './api';

/** The limit, edited where it stands. */
export function EditLimit({ row, onClose }: { row: QuotaRow; onClose: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const quota = useQuery(quotaQuery(row.projectId)).data;
  const setLimit = useSetLimit();
  const [limit, setBytes] = useState(row.limit);

  function save(event: FormEvent) {
    event.preventDefault();
    if (!quota || setLimit.isPending || Number.isNaN(limit)) return;
    setLimit.mutate(
      { quota, limit },
      {
        onSuccess: () => {
          notify.done(t('quotas.saved', { name: row.name }));
          onClose();
        },
      },
    );
  }
  function reload() {
    onClose();
    void queryClient.invalidateQueries({ queryKey: keys.quotas.all });
  }
  return (
    <Stack gap="xs" component="form" onSubmit={save} onKeyDown={(event) => event.key === 'Escape' && onClose()} miw={270}>
      <Group gap={6} wrap="nowrap">
        <StorageInput quiet autoFocus label={t('quotas.limitOf', { name: row.name })} value={limit} onChange={setBytes} />
        <ActionIcon type="submit" variant="filled" size={34} aria-label={t('common.save')} loading={setLimit.isPending} disabled={!quota || Number.isNaN(limit)}>
          <CheckIcon size={18} />
        </ActionIcon>
        <ActionIcon variant="default" size={34} aria-label={t('common.cancel')} onClick={onClose}>
          <CloseIcon size={18} />
        </ActionIcon>
      </Group>
      {setLimit.error && <Refusal error={setLimit.error} onReload={reload} />}
    </Stack>
  );
}
