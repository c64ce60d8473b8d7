import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wearableLabelsQuery } from '@/api/artifacts';
import type { Artifact } from '@/api/types';
import { FormDialog } from '@/ui/FormDialog';
import { LabelChooser, type Wear } from '@/ui/LabelChooser';
import type { WantedLabels } from './relabel';

interface Props {
  projectId: number | undefined;
  artifacts: readonly Artifact[];
  /** label ids with what they shall be on all of the artifacts */
  onSubmit: (wanted: WantedLabels) => void;
  onClose: () => void;
}

/** Labels of one or many artifacts: only what is ticked or cleared here is changed. */
export function BulkLabels({ projectId, artifacts, onSubmit, onClose }: Props) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const [wanted, setWanted] = useState<WantedLabels>(new Map());
  const labels = useQuery(wearableLabelsQuery(projectId, search));

  function wearOf(id: number): Wear {
    const choice = wanted.get(id);
    if (choice !== undefined) return choice ? 'all' : 'none';
    const wearing = artifacts.filter((artifact) => artifact.labels?.some((label) => label.id === id)).length;
    return wearing === 0 ? 'none' : wearing === artifacts.length ? 'all' : 'some';
  }
  return (
    <FormDialog
      title={t('artifacts.labelsOf', { count: artifacts.length })}
      submit={t('common.save')}
      ready={wanted.size > 0}
      onSubmit={async () => onSubmit(wanted)}
      onClose={onClose}
    >
      <LabelChooser labels={labels} search={search} onSearch={setSearch} wearOf={wearOf} onChoose={(id, on) => setWanted(new Map(wanted).set(id, on))} />
      {artifacts.length > 1 && (
        <Text size="xs" c="dimmed">
          {t('artifacts.labelsText')}
        </Text>
      )}
    </FormDialog>
  );
}
