import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultOf } from '@/lib/doublestar';
import { FormDialog } from '@/ui/FormDialog';
import { HalfInput } from './HalfInput';
import { examples, type RuleDraft } from './rule';
import { RulePreview } from './RulePreview';
import { Sentence } from './Sentence';

interface Props {
  project: string;
  isNew: boolean;
  /** what to begin with */
  draft?: RuleDraft | undefined;
  onSubmit: (draft: RuleDraft) => Promise<unknown>;
  onReload: () => void;
  onClose: () => void;
}

export function RuleForm({ project, isNew, draft: first, onSubmit, onReload, onClose }: Props) {
  const { t } = useTranslation();
  const [{ tags, repositories }, setDraft] = useState<RuleDraft>(first ?? examples[0].draft);
  const good = faultOf(tags.pattern) === undefined && faultOf(repositories.pattern) === undefined;
  return (
    <FormDialog
      title={isNew ? t('policies.create') : t('policies.edit')}
      submit={isNew ? t('common.create') : t('common.save')}
      size="lg"
      ready={good}
      onReload={onReload}
      onSubmit={() => onSubmit({ tags, repositories })}
      onClose={onClose}
    >
      {isNew && (
        <Stack gap={6}>
          <Text size="sm" fw={600}>
            {t('policies.examples')}
          </Text>
          <Group gap="xs">
            {examples.map((example) => (
              <Button key={example.name} size="compact-sm" variant="default" onClick={() => setDraft(example.draft)}>
                {t(`policies.example.${example.name}`)}
              </Button>
            ))}
          </Group>
        </Stack>
      )}
      <HalfInput label={t('policies.tags')} half={tags} onChange={(half) => setDraft({ tags: half, repositories })} />
      <HalfInput label={t('policies.repositories')} text={t('policies.repositoriesText')} half={repositories} onChange={(half) => setDraft({ tags, repositories: half })} />
      <Text size="xs" c="dimmed">
        {t('policies.patternText')}
      </Text>
      {good && (
        <>
          <Sentence tags={[tags]} repositories={[repositories]} />
          <RulePreview project={project} draft={{ tags, repositories }} />
        </>
      )}
    </FormDialog>
  );
}
