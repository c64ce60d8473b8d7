import { Skeleton, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { keys } from '@/api/keys';
import { ErrorState } from '@/ui/ErrorState';
import { notify } from '@/ui/notify';
import { PageHeader } from '@/ui/PageHeader';
import { Panel } from '@/ui/Panel';
import { configurationsQuery, useSaveConfigurations } from './api';
import { SettingsForm } from './SettingsForm';

export function SettingsPage() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { data, error, refetch } = useQuery(configurationsQuery);
  const save = useSaveConfigurations();
  return (
    <>
      <PageHeader title={t('nav.settings')} text={t('settings.text')} />
      {data === undefined && error && (
        <Panel>
          <ErrorState error={error} onRetry={() => void refetch()} needs={t('role.systemAdministrator')} />
        </Panel>
      )}
      {data === undefined && !error && (
        <Stack gap="lg" maw={760} aria-busy>
          <Skeleton height={170} radius="lg" />
          <Skeleton height={170} radius="lg" />
          <Skeleton height={170} radius="lg" />
        </Stack>
      )}
      {data && (
        <SettingsForm
          // Another state of the server's is another form: what was typed belonged to the old one.
          key={data.edition ?? ''}
          settings={data.settings}
          onSave={async (values) => {
            await save.mutateAsync({ values, edition: data.edition });
            notify.done(t('settings.saved'));
          }}
          onReload={() => void queryClient.invalidateQueries({ queryKey: keys.configurations })}
        />
      )}
    </>
  );
}
