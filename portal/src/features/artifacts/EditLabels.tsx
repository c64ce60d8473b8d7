import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wearableLabelsQuery, type Place } from '@/api/artifacts';
import type { Artifact } from '@/api/types';
import { FormDialog } from '@/ui/FormDialog';
import { LabelChooser } from '@/ui/LabelChooser';
import { useChangeLabels } from './api';

interface Props {
  place: Place;
  artifact: Artifact;
  onClose: () => void;
}

export function EditLabels({ place, artifact, onClose }: Props) {
  const { t } = useTranslation();
  const change = useChangeLabels(place, artifact.digest);
  const [search, setSearch] = useState('');
  const [before] = useState<ReadonlySet<number>>(() => new Set(artifact.labels?.map((label) => label.id)));
  const [after, setAfter] = useState(before);
  const labels = useQuery(wearableLabelsQuery(artifact.project_id, search));
  const add = [...after].filter((id) => !before.has(id));
  const remove = [...before].filter((id) => !after.has(id));

  function choose(id: number, on: boolean) {
    const next = new Set(after);
    if (on) next.add(id);
    else next.delete(id);
    setAfter(next);
  }
  return (
    <FormDialog
      title={t('artifacts.labels')}
      submit={t('common.save')}
      ready={add.length + remove.length > 0}
      onSubmit={() => change.mutateAsync({ add, remove })}
      onClose={onClose}
    >
      <LabelChooser labels={labels} search={search} onSearch={setSearch} wearOf={(id) => (after.has(id) ? 'all' : 'none')} onChoose={choose} />
    </FormDialog>
  );
}
