import { ActionIcon, Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import type { Repository } from '@/api/types';
import { ButtonLink } from '@/ui/ButtonLink';
import { DeleteIcon, EditIcon, HistoryIcon, PushIcon } from '@/ui/icons';
import { LinkedText } from '@/ui/LinkedText';
import { Menu } from '@/ui/Menu';
import { PageHeader } from '@/ui/PageHeader';
import { RowMenu } from '@/ui/RowMenu';
import { TextLink } from '@/ui/TextLink';
import { Tooltip } from '@/ui/Tooltip';

interface Props {
  place: Place;
  repository: Repository | undefined;
  /** undefined: the reader may not */
  onDescribe: (() => void) | undefined;
  onPush: (() => void) | undefined;
  /** the reader may see how its tags have moved */
  hasHistory: boolean;
  onDelete: (() => void) | undefined;
}

export function RepositoryHeader({ place, repository, onDescribe, onPush, hasHistory, onDelete }: Props) {
  const { t } = useTranslation();
  return (
    <PageHeader
      title={place.repository}
      crumbs={[
        <TextLink key="projects" to="/projects" size="sm">
          {t('nav.projects')}
        </TextLink>,
        <TextLink key="project" to="/projects/$project" params={{ project: place.project }} size="sm">
          {place.project}
        </TextLink>,
      ]}
      text={repository?.description && <LinkedText text={repository.description} />}
      aside={
        onDescribe && (
          <Tooltip label={t('repositories.describe')}>
            <ActionIcon variant="subtle" color="gray" aria-label={t('repositories.describe')} onClick={onDescribe}>
              <EditIcon size={16} />
            </ActionIcon>
          </Tooltip>
        )
      }
      actions={
        <>
          {hasHistory && (
            <ButtonLink
              variant="default"
              leftSection={<HistoryIcon size={16} />}
              to="/projects/$project/repositories/$"
              params={{ project: place.project, _splat: `${place.repository}/-/history` }}
            >
              {t('artifacts.history')}
            </ButtonLink>
          )}
          {onPush && (
            <Button variant="default" leftSection={<PushIcon size={16} />} onClick={onPush}>
              {t('artifacts.pushCommands')}
            </Button>
          )}
          {onDelete && (
            <RowMenu label={t('common.actionsFor', { name: place.repository })}>
              <Menu.Item color="red" leftSection={<DeleteIcon size={16} />} onClick={onDelete}>
                {t('repositories.delete')}
              </Menu.Item>
            </RowMenu>
          )}
        </>
      }
    />
  );
}
