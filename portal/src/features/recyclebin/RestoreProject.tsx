import { Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeletedProject } from '@/api/types';
import { isProjectName } from '@/lib/reference';
import { FormDialog } from '@/ui/FormDialog';

interface Props {
  project: DeletedProject;
  /** name: undefined for the one that it had */
  onRestore: (name: string | undefined) => Promise<unknown>;
  onClose: () => void;
}

/** Says what comes back and what does not, and asks for another name where the project's is used again. */
export function RestoreProject({ project, onRestore, onClose }: Props) {
  const { t } = useTranslation();
  const { lost } = project;
  const [name, setName] = useState(`${project.name}-restored`);
  const bad = project.name_taken && !isProjectName(name.trim());
  const gone = [
    lost.robot_count > 0 && t('recycleBin.lostRobots', { count: lost.robot_count }),
    lost.robot_grant_count > 0 && t('recycleBin.lostGrants', { count: lost.robot_grant_count }),
    lost.retention_policy && t('recycleBin.lostRetention'),
  ].filter((line) => line !== false);
  return (
    <FormDialog
      title={t('recycleBin.projectRestore', { name: project.name })}
      submit={t('recycleBin.restore')}
      ready={!bad}
      onSubmit={() => onRestore(project.name_taken ? name.trim() : undefined)}
      onClose={onClose}
    >
      <Text size="sm">
        {t('recycleBin.projectText')}
        {project.repository_count > 0 && ` ${t('recycleBin.projectRepositories', { count: project.repository_count })}`}
      </Text>
      {gone.length > 0 && (
        <Stack gap={2}>
          <Text size="sm">{t('recycleBin.lost')}</Text>
          <Stack gap={2} component="ul" m={0} pl="md">
            {gone.map((line) => (
              <Text key={line} size="sm" component="li">
                {line}
              </Text>
            ))}
          </Stack>
        </Stack>
      )}
      {project.name_taken && (
        <TextInput
          data-autofocus
          label={t('recycleBin.nameFor', { name: project.name })}
          description={t('recycleBin.projectTaken', { name: project.name })}
          error={bad && t('projects.nameBad')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          maxLength={255}
        />
      )}
    </FormDialog>
  );
}
