import { useTranslation } from 'react-i18next';
import type { Artifact } from '@/api/types';
import { joinReference } from '@/lib/reference';
import { CopyIcon, DeleteIcon, LabelIcon, TagIcon } from '@/ui/icons';
import { Menu } from '@/ui/Menu';
import { notify } from '@/ui/notify';
import { RowMenu } from '@/ui/RowMenu';
import { copyText } from '@/ui/useCopy';

/** What may be done with artifacts; undefined: the reader may not. */
export interface ArtifactActions {
  onTag?: ((artifacts: readonly Artifact[]) => void) | undefined;
  onLabel?: ((artifacts: readonly Artifact[]) => void) | undefined;
  onDelete?: ((artifacts: readonly Artifact[]) => void) | undefined;
}

interface Props {
  project: string;
  repository: string;
  host: string;
  artifact: Artifact;
  actions: ArtifactActions;
}

export function ArtifactMenu({ project, repository, host, artifact, actions }: Props) {
  const { t } = useTranslation();
  const { onTag, onLabel, onDelete } = actions;
  const name = artifact.tags?.[0]?.name ?? artifact.digest;
  async function copyReference(reference: string) {
    if (await copyText(`${host}/${joinReference(`${project}/${repository}`, reference)}`)) notify.done(t('artifacts.referenceCopied'));
  }
  return (
    <RowMenu label={t('common.actionsFor', { name })}>
      <Menu.Item leftSection={<CopyIcon size={16} />} onClick={() => void copyReference(name)}>
        {t('artifacts.copyReference')}
      </Menu.Item>
      <Menu.Item leftSection={<CopyIcon size={16} />} onClick={() => void copyReference(artifact.digest)}>
        {t('artifacts.copyPinned')}
      </Menu.Item>
      {onTag && (
        <Menu.Item leftSection={<TagIcon size={16} />} onClick={() => onTag([artifact])}>
          {t('artifacts.addTag')}
        </Menu.Item>
      )}
      {onLabel && (
        <Menu.Item leftSection={<LabelIcon size={16} />} onClick={() => onLabel([artifact])}>
          {t('artifacts.editLabels')}
        </Menu.Item>
      )}
      {onDelete && (
        <Menu.Item color="red" leftSection={<DeleteIcon size={16} />} onClick={() => onDelete([artifact])}>
          {t('artifacts.delete')}
        </Menu.Item>
      )}
    </RowMenu>
  );
}
