import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Artifact } from '@/api/types';
import { comparisonOf } from '@/lib/reference';
import { ButtonLink } from '@/ui/ButtonLink';
import { CompareIcon, DeleteIcon, LabelIcon, TagIcon } from '@/ui/icons';
import { SelectionBar } from '@/ui/SelectionBar';
import type { Selection } from '@/ui/useSelection';
import type { ArtifactActions } from './ArtifactMenu';

interface Props {
  project: string;
  repository: string;
  selection: Selection<Artifact>;
  actions: ArtifactActions;
}

/** What can be done with the selected artifacts together. */
export function SelectedArtifacts({ project, repository, selection, actions }: Props) {
  const { t } = useTranslation();
  const { items } = selection;
  const { onTag, onLabel, onDelete } = actions;
  return (
    <SelectionBar count={items.length} onClear={selection.clear}>
      {items.length === 2 && (
        <ButtonLink
          size="xs"
          variant="light"
          leftSection={<CompareIcon size={16} />}
          to="/projects/$project/repositories/$"
          params={{ project, _splat: comparedInOrder(repository, items) }}
        >
          {t('artifacts.compare')}
        </ButtonLink>
      )}
      {onTag && (
        <Button size="xs" variant="default" leftSection={<TagIcon size={16} />} onClick={() => onTag(items)}>
          {t('artifacts.addTag')}
        </Button>
      )}
      {onLabel && (
        <Button size="xs" variant="default" leftSection={<LabelIcon size={16} />} onClick={() => onLabel(items)}>
          {t('artifacts.labels')}
        </Button>
      )}
      {onDelete && (
        <Button size="xs" variant="light" color="red" leftSection={<DeleteIcon size={16} />} onClick={() => onDelete(items)}>
          {t('common.delete')}
        </Button>
      )}
    </SelectionBar>
  );
}

/** The older one first, whichever was selected first: people ask what changed since. */
function comparedInOrder(repository: string, items: readonly Artifact[]): string {
  const [from, to] = [...items].sort((a, b) => a.push_time.localeCompare(b.push_time));
  if (!from || !to) return repository;
  const named = (artifact: Artifact) => ({ digest: artifact.digest, tag: artifact.tags?.[0]?.name });
  return comparisonOf(repository, named(from), named(to));
}
