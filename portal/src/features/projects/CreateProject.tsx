import { NumberInput, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isProjectName } from '@/lib/reference';
import { FormDialog } from '@/ui/FormDialog';
import { notify } from '@/ui/notify';
import { useCreateProject } from './api';

const gibibyte = 1024 ** 3;

interface Props {
  /** system administrators set the quota at once */
  mayLimit: boolean;
  onClose: () => void;
  onCreated: (name: string) => void;
}

export function CreateProject({ mayLimit, onClose, onCreated }: Props) {
  const { t } = useTranslation();
  const create = useCreateProject();
  const visibilityLabel = useId();
  const created = useRef<string>(undefined);
  const [name, setName] = useState('');
  const [visibility, setVisibility] = useState<'private' | 'public'>('private');
  const [limit, setLimit] = useState<string | number>('');
  const bad = name !== '' && !isProjectName(name);

  async function submit() {
    await create.mutateAsync({
      project_name: name,
      metadata: { public: visibility === 'public' ? 'true' : 'false' },
      ...(mayLimit ? { storage_limit: typeof limit === 'number' ? Math.round(limit * gibibyte) : -1 } : {}),
    });
    notify.done(t('projects.created', { name }));
    created.current = name;
  }
  return (
    <FormDialog
      title={t('projects.create')}
      submit={t('common.create')}
      ready={isProjectName(name)}
      onSubmit={submit}
      onClose={() => (created.current === undefined ? onClose() : onCreated(created.current))}
    >
      <TextInput
        data-autofocus
        label={t('projects.name')}
        description={t('projects.nameRule')}
        error={bad && t('projects.nameBad')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
        maxLength={255}
        required
      />
      <Stack gap={6}>
        <Text size="sm" fw={500} id={visibilityLabel}>
          {t('projects.visibility')}
        </Text>
        <SegmentedControl
          aria-labelledby={visibilityLabel}
          value={visibility}
          onChange={(value) => setVisibility(value === 'public' ? 'public' : 'private')}
          data={[
            { value: 'private', label: t('visibility.private') },
            { value: 'public', label: t('visibility.public') },
          ]}
        />
        <Text size="xs" c="dimmed">
          {visibility === 'public' ? t('visibility.publicText') : t('visibility.privateText')}
        </Text>
      </Stack>
      {mayLimit && (
        <NumberInput
          label={t('projects.limit')}
          description={t('projects.limitText')}
          placeholder={t('projects.unlimited')}
          value={limit}
          onChange={setLimit}
          min={0.1}
          max={1_000_000}
          decimalScale={2}
          suffix=" GiB"
          hideControls
        />
      )}
    </FormDialog>
  );
}
