import { Group, NativeSelect, Skeleton, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { withoutProject } from '@/lib/reference';
import { ImmutableIcon } from '@/ui/icons';
import { sampleRepositoriesQuery, sampleTagsQuery } from './api';
import classes from './Policies.module.css';
import { takes, type RuleDraft } from './rule';

const tagsShown = 40;

/** Which of the tags that are there now the rule would take: tried here on the newest, before anything is saved. */
export function RulePreview({ project, draft }: { project: string; draft: RuleDraft }) {
  const { t } = useTranslation();
  const [{ tags, repositories }] = useDebouncedValue(draft, 150);
  const [chosen, setChosen] = useState<string>();
  const found = useQuery(sampleRepositoriesQuery(project)).data?.items;
  const names = found?.map((repository) => withoutProject(repository.name, project));
  const taken = names?.filter((name) => takes(repositories, name)) ?? [];
  const repository = chosen !== undefined && taken.includes(chosen) ? chosen : taken[0];

  if (names === undefined) return <Skeleton height={120} radius="md" aria-hidden />;
  if (names.length === 0) return null;
  return (
    <Stack gap="xs" className={classes.preview}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {t('policies.preview')}
        </Text>
        <Text size="xs" c="dimmed" aria-live="polite">
          {t('policies.previewRepositories', { count: taken.length, total: names.length })}
        </Text>
      </Group>
      {repository !== undefined && (
        <>
          <NativeSelect size="xs" aria-label={t('policies.previewIn')} data={taken} value={repository} onChange={(event) => setChosen(event.currentTarget.value)} />
          <Tags project={project} repository={repository} isTaken={(tag) => takes(tags, tag)} />
        </>
      )}
    </Stack>
  );
}

function Tags({ project, repository, isTaken }: { project: string; repository: string; isTaken: (tag: string) => boolean }) {
  const { t } = useTranslation();
  const artifacts = useQuery(sampleTagsQuery(project, repository)).data?.items;
  if (artifacts === undefined) return <Skeleton height={60} aria-hidden />;
  const all = artifacts.flatMap((artifact) => artifact.tags?.map((tag) => tag.name) ?? []);
  if (all.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('policies.previewNoTags')}
      </Text>
    );
  }
  const taken = all.filter(isTaken);
  return (
    <>
      <ul className={classes.tags}>
        {all.slice(0, tagsShown).map((tag) => (
          <li key={tag} className={classes.tag} data-taken={isTaken(tag) || undefined}>
            {isTaken(tag) && <ImmutableIcon size={13} role="img" aria-label={t('policies.immutable')} />}
            {tag}
          </li>
        ))}
        {all.length > tagsShown && <li className={classes.more}>{t('policies.previewMore', { count: all.length - tagsShown })}</li>}
      </ul>
      <Text size="xs" c="dimmed" aria-live="polite">
        {t('policies.previewTags', { count: taken.length, total: all.length })}
      </Text>
    </>
  );
}
