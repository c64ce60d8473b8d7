import { Checkbox, Group, NativeSelect, NumberInput, SegmentedControl, SimpleGrid, Stack, Switch, TagsInput, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Registry } from '@/api/types';
import { CronField, isGoodCron } from '@/ui/CronField';
import { FormDialog } from '@/ui/FormDialog';
import { canPreview, destinationOf, emptyDraft, isGoodNamespace, isGoodPattern, sorts, triggers, type Draft, type Sort, type Trigger } from './policy';
import { PolicyPreview } from './PolicyPreview';

interface Props {
  isNew: boolean;
  /** what to begin with */
  draft?: Draft | undefined;
  registries: Registry[];
  now: Date;
  onSubmit: (draft: Draft) => Promise<unknown>;
  onReload: () => void;
  onClose: () => void;
}

const exampleName = 'library/team/app';
const levels = [-1, 0, 1, 2, 3];

/** Everything that a policy can say, with what it would copy beside it before it is saved. */
export function PolicyForm({ isNew, draft: first, registries, now, onSubmit, onReload, onClose }: Props) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<Draft>(first ?? { ...emptyDraft, registry: registries[0]?.id });
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const good = draft.name.trim() !== '' && canPreview(draft) && (draft.trigger !== 'scheduled' || isGoodCron(draft.when));
  const example = destinationOf(exampleName, draft.namespace, draft.replace);
  const mono = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } };
  const far = registries.find((registry) => registry.id === draft.registry);
  return (
    <FormDialog
      title={isNew ? t('replication.create') : t('replication.edit')}
      submit={isNew ? t('common.create') : t('common.save')}
      size="xl"
      careful
      ready={good}
      onReload={onReload}
      onSubmit={() => onSubmit(draft)}
      onClose={onClose}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput label={t('replication.name')} value={draft.name} onChange={(event) => set({ name: event.currentTarget.value })} maxLength={256} data-autofocus autoComplete="off" required />
        <NativeSelect
          label={t('replication.registry')}
          value={String(draft.registry ?? '')}
          onChange={(event) => set({ registry: Number(event.currentTarget.value) || undefined })}
          data={registries.map((registry) => ({ value: String(registry.id), label: `${registry.name} (${registry.type})` }))}
        />
      </SimpleGrid>
      <Stack gap={4}>
        <SegmentedControl
          aria-label={t('replication.direction')}
          value={draft.push ? 'push' : 'pull'}
          onChange={(value) => set({ push: value === 'push', trigger: value === 'pull' && draft.trigger === 'event_based' ? 'manual' : draft.trigger })}
          data={[
            { value: 'push', label: t('replication.push', { name: far?.name ?? '…' }) },
            { value: 'pull', label: t('replication.pull', { name: far?.name ?? '…' }) },
          ]}
        />
      </Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label={t('replication.names')}
          description={t('replication.namesText')}
          placeholder={t('replication.namesExample')}
          styles={mono}
          value={draft.names}
          onChange={(event) => set({ names: event.currentTarget.value.trim() })}
          error={!isGoodPattern(draft.names) && t('replication.badPattern')}
          spellCheck={false}
          autoComplete="off"
        />
        <Group gap="xs" align="flex-end" wrap="nowrap">
          <NativeSelect
            aria-label={t('replication.tagsHow')}
            w={130}
            value={draft.exceptTags ? 'except' : 'match'}
            onChange={(event) => set({ exceptTags: event.currentTarget.value === 'except' })}
            data={[
              { value: 'match', label: t('replication.matching') },
              { value: 'except', label: t('replication.except') },
            ]}
          />
          <TextInput
            flex={1}
            label={t('replication.tags')}
            description={t('replication.tagsText')}
            placeholder="v*"
            styles={mono}
            value={draft.tags}
            onChange={(event) => set({ tags: event.currentTarget.value.trim() })}
            error={!isGoodPattern(draft.tags) && t('replication.badPattern')}
            spellCheck={false}
            autoComplete="off"
          />
        </Group>
        <Group gap="xs" align="flex-end" wrap="nowrap">
          <NativeSelect
            aria-label={t('replication.labelsHow')}
            w={130}
            value={draft.exceptLabels ? 'except' : 'match'}
            onChange={(event) => set({ exceptLabels: event.currentTarget.value === 'except' })}
            data={[
              { value: 'match', label: t('replication.with') },
              { value: 'except', label: t('replication.without') },
            ]}
          />
          <TagsInput flex={1} label={t('replication.labels')} value={draft.labels} onChange={(labels) => set({ labels })} maxTags={32} />
        </Group>
        <NativeSelect
          label={t('replication.sort')}
          value={draft.sort}
          onChange={(event) => set({ sort: event.currentTarget.value as Sort })}
          data={sorts.map((value) => ({ value, label: t(value === '' ? 'replication.sorts.all' : `replication.sorts.${value}`) }))}
        />
        <TextInput
          label={t('replication.namespace')}
          description={t('replication.namespaceText')}
          placeholder={t('replication.namespaceExample')}
          styles={mono}
          value={draft.namespace}
          onChange={(event) => set({ namespace: event.currentTarget.value.trim() })}
          error={!isGoodNamespace(draft.namespace) && t('replication.badNamespace')}
          spellCheck={false}
          autoComplete="off"
        />
        <NativeSelect
          label={t('replication.replace')}
          description={example ? t('replication.example', { from: exampleName, to: example }) : t('replication.noExample', { from: exampleName })}
          disabled={draft.namespace === ''}
          value={String(draft.replace)}
          onChange={(event) => set({ replace: Number(event.currentTarget.value) })}
          data={levels.map((value) => ({ value: String(value), label: value < 0 ? t('replication.replaceAll') : t('replication.replaceSome', { count: value }) }))}
        />
      </SimpleGrid>
      {canPreview(draft) && <PolicyPreview draft={draft} />}
      <NativeSelect
        label={t('replication.trigger')}
        styles={{ wrapper: { maxWidth: 320 } }}
        value={draft.trigger}
        onChange={(event) => set({ trigger: event.currentTarget.value as Trigger })}
        data={triggers.filter((value) => draft.push || value !== 'event_based').map((value) => ({ value, label: t(`replication.triggers.${value}`) }))}
      />
      {draft.trigger === 'scheduled' && <CronField label={t('replication.schedule')} value={draft.when} onChange={(when) => set({ when })} now={now} />}
      <Stack gap="xs">
        {draft.trigger === 'event_based' && (
          <Checkbox label={t('replication.deletion')} description={t('replication.deletionText')} checked={draft.deletion} onChange={(event) => set({ deletion: event.currentTarget.checked })} />
        )}
        <Checkbox label={t('replication.override')} description={t('replication.overrideText')} checked={draft.override} onChange={(event) => set({ override: event.currentTarget.checked })} />
        <Checkbox label={t('replication.single')} checked={draft.single} onChange={(event) => set({ single: event.currentTarget.checked })} />
        <Checkbox label={t('replication.byChunk')} description={t('replication.byChunkText')} checked={draft.byChunk} onChange={(event) => set({ byChunk: event.currentTarget.checked })} />
      </Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NumberInput
          label={t('replication.speed')}
          description={t('replication.speedText')}
          suffix=" KB/s"
          value={draft.speed}
          onChange={(value) => set({ speed: typeof value === 'number' ? value : 0 })}
          allowDecimal={false}
          allowNegative={false}
          hideControls
          max={1_000_000_000}
        />
        <NumberInput
          label={t('replication.concurrency')}
          description={t('replication.concurrencyText')}
          value={draft.concurrency}
          onChange={(value) => set({ concurrency: typeof value === 'number' ? value : 0 })}
          allowDecimal={false}
          allowNegative={false}
          max={64}
        />
      </SimpleGrid>
      <Textarea label={t('replication.description')} value={draft.description} onChange={(event) => set({ description: event.currentTarget.value })} maxLength={4096} autosize minRows={1} />
      <Switch label={t('replication.enabled')} checked={draft.enabled} onChange={(event) => set({ enabled: event.currentTarget.checked })} />
      <Text size="xs" c="dimmed">
        {t('replication.complete')}
      </Text>
    </FormDialog>
  );
}
