import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { ReplicationExecution, ReplicationPolicy } from '@/api/types';
import type { Search } from '@/lib/search';
import { PageHeader } from '@/ui/PageHeader';
import { TextLink } from '@/ui/TextLink';
import type { Answer } from './answer';
import { PolicyList, type PolicyActions } from './PolicyList';
import { RunList } from './RunList';

interface Props extends PolicyActions {
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
  policies: Answer<Page<ReplicationPolicy>>;
  runs: Answer<Page<ReplicationExecution>>;
  hasRegistries: boolean | undefined;
  onStop: (run: number) => void;
  onRetry: (run: number) => void;
}

/** The policies, each a sentence, and below them what they did. */
export function ReplicationView({ search, onSearch, policies, runs, hasRegistries, onStop, onRetry, ...actions }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <PageHeader title={t('nav.replication')} text={t('replication.text')} actions={<TextLink to="/registries">{t('replication.toRegistries')}</TextLink>} />
      <Stack gap="lg">
        <PolicyList search={search} onSearch={onSearch} policies={policies} hasRegistries={hasRegistries} {...actions} />
        <RunList search={search} onSearch={onSearch} runs={runs} policies={policies.data?.items ?? []} onOpen={actions.onOpen} onStop={onStop} onRetry={onRetry} />
      </Stack>
    </>
  );
}
