import { Button, Checkbox, Group, NativeSelect, NumberInput, Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RetentionRule } from '@/api/types';
import { FormDialog } from '@/ui/FormDialog';
import { HalfInput } from './HalfInput';
import { isGoodNumber, isGoodRetention, mostOf, retentionExamples, retentionRuleOf, templates, type RetentionDraft, type Template } from './retention';
import { RetentionPreview } from './RetentionPreview';
import { RetentionSentence } from './RetentionSentence';

interface Props {
  project: string;
  projectId: number;
  isNew: boolean;
  /** what to begin with */
  draft?: RetentionDraft | undefined;
  /** the whole policy with this rule in it: what the preview is of */
  withRule: (rule: RetentionRule) => RetentionRule[];
  onSubmit: (draft: RetentionDraft) => Promise<unknown>;
  onReload: () => void;
  onClose: () => void;
}

/** A rule is a few choices; below them the sentence that they make, and what the policy would delete with it. */
export function RetentionForm({ project, projectId, isNew, draft: first, withRule, onSubmit, onReload, onClose }: Props) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<RetentionDraft>(first ?? retentionExamples[0].draft);
  const change = (part: Partial<RetentionDraft>) => setDraft({ ...draft, ...part });
  const good = isGoodRetention(draft);
  const most = mostOf(draft.template);
  // The same rules are the same object, so that the preview is asked for once.
  // eslint-disable-next-line react-hooks/exhaustive-deps -- withRule is of the policy, which does not change while the dialog is open
  const rules = useMemo(() => withRule(retentionRuleOf(draft)), [draft]);
  return (
    <FormDialog
      title={isNew ? t('retention.create') : t('retention.edit')}
      submit={isNew ? t('common.create') : t('common.save')}
      size="xl"
      careful
      ready={good}
      onReload={onReload}
      onSubmit={() => onSubmit(draft)}
      onClose={onClose}
    >
      {isNew && (
        <Stack gap={6}>
          <Text size="sm" fw={600}>
            {t('policies.examples')}
          </Text>
          <Group gap="xs">
            {retentionExamples.map((example) => (
              <Button key={example.name} size="compact-sm" variant="default" onClick={() => setDraft(example.draft)}>
                {t(`retention.example.${example.name}`)}
              </Button>
            ))}
          </Group>
        </Stack>
      )}
      <Group gap="xs" align="flex-end">
        <NativeSelect
          flex={1}
          miw={240}
          label={t('retention.keep')}
          data={templates.map((template) => ({ value: template, label: t(`retention.template.${template}`) }))}
          value={draft.template}
          onChange={(event) => change({ template: event.currentTarget.value as Template })}
        />
        {most !== undefined && (
          <NumberInput
            w={150}
            label={t(most === mostOf('latestPushedK') ? 'retention.count' : 'retention.days')}
            value={Number.isNaN(draft.number) ? '' : draft.number}
            onChange={(number) => change({ number: typeof number === 'number' ? number : Number.NaN })}
            error={!isGoodNumber(draft) && t('retention.numberBad', { most })}
            inputWrapperOrder={['label', 'error', 'input']}
            allowDecimal={false}
            allowNegative={false}
            hideControls
          />
        )}
      </Group>
      <HalfInput label={t('policies.tags')} half={draft.tags} onChange={(tags) => change({ tags })} />
      <Checkbox label={t('retention.untagged')} checked={draft.untagged} onChange={(event) => change({ untagged: event.currentTarget.checked })} />
      <HalfInput label={t('policies.repositories')} text={t('policies.repositoriesText')} half={draft.repositories} onChange={(repositories) => change({ repositories })} />
      <Text size="xs" c="dimmed">
        {t('policies.patternText')}
      </Text>
      {good && (
        <>
          <RetentionSentence {...draft} tags={[draft.tags]} repositories={[draft.repositories]} />
          <RetentionPreview project={project} projectId={projectId} rules={rules} quiet />
        </>
      )}
    </FormDialog>
  );
}
