import { Code, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Artifact } from '@/api/types';
import { newTagOf, patternFault, placeholder } from '@/lib/new-tags';
import { shortDigest } from '@/lib/reference';
import { FormDialog } from '@/ui/FormDialog';

const shown = 4;

interface Props {
  artifacts: readonly Artifact[];
  onSubmit: (nameOf: (artifact: Artifact) => string) => void;
  onClose: () => void;
}

/** A further tag for each: one name for one artifact, a pattern for several. */
export function BulkTag({ artifacts, onSubmit, onClose }: Props) {
  const { t } = useTranslation();
  const single = artifacts.length === 1;
  const [pattern, setPattern] = useState(single ? '' : `${placeholder}-`);
  const fault = pattern === '' || pattern === `${placeholder}-` ? undefined : patternFault(artifacts, pattern);
  return (
    <FormDialog
      title={single ? t('artifacts.addTag') : t('artifacts.addTags', { count: artifacts.length })}
      submit={t('common.add')}
      ready={pattern !== '' && patternFault(artifacts, pattern) === undefined}
      onSubmit={async () => onSubmit((artifact) => newTagOf(artifact, pattern))}
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        label={single ? t('artifacts.tagName') : t('artifacts.pattern')}
        description={single ? t('artifacts.tagRule') : t('artifacts.patternText', { placeholder })}
        error={fault === 'bad' ? t('artifacts.tagBad') : fault === 'same' ? t('artifacts.patternSame', { placeholder }) : undefined}
        value={pattern}
        onChange={(event) => setPattern(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
        maxLength={160}
      />
      {!single && fault === undefined && (
        <Stack gap={4}>
          {artifacts.slice(0, shown).map((artifact) => (
            <Text key={artifact.digest} size="sm">
              {artifact.tags?.[0]?.name ?? shortDigest(artifact.digest)} → <Code>{newTagOf(artifact, pattern)}</Code>
            </Text>
          ))}
          {artifacts.length > shown && (
            <Text size="xs" c="dimmed">
              {t('artifacts.moreTags', { count: artifacts.length - shown })}
            </Text>
          )}
        </Stack>
      )}
    </FormDialog>
  );
}
