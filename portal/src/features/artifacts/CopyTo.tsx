import { Autocomplete, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import type { Artifact } from '@/api/types';
import { isProjectName, isRepositoryName, joinReference, withoutProject } from '@/lib/reference';
import { FormDialog } from '@/ui/FormDialog';
import { useFormat } from '@/ui/format';
import { notify } from '@/ui/notify';
import { projectChoicesQuery, repositoryChoicesQuery, useCopyArtifact } from './api';

interface Props {
  place: Place;
  artifact: Artifact;
  /** the tag by which it is looked at, which comes along */
  tag: string | undefined;
  onClose: () => void;
}

/** Copies inside this registry; no bytes are sent for it. */
export function CopyTo({ place, artifact, tag, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const copy = useCopyArtifact();
  const [project, setProject] = useState('');
  const [repository, setRepository] = useState(place.repository);
  const [projectText] = useDebouncedValue(project, 200);
  const [repositoryText] = useDebouncedValue(repository, 200);
  const projects = useQuery(projectChoicesQuery(projectText)).data?.items ?? [];
  const known = projects.some((each) => each.name === project);
  const repositories = useQuery({ ...repositoryChoicesQuery(project, repositoryText), enabled: known }).data?.items ?? [];
  const to = `${project}/${repository}`;
  const here = to === `${place.project}/${place.repository}`;
  const along = [
    tag === undefined ? t('artifacts.copiesByDigest') : t('artifacts.copiesTag', { tag }),
    artifact.references?.length ? t('artifacts.copiesPlatforms', { count: artifact.references.length }) : undefined,
    artifact.accessories?.length ? t('artifacts.copiesAttached', { count: artifact.accessories.length }) : undefined,
    t('artifacts.copiesSize', { size: format.bytes(artifact.size) }),
  ].filter((line) => line !== undefined);

  return (
    <FormDialog
      title={t('artifacts.copyTo')}
      submit={t('artifacts.copy')}
      ready={isProjectName(project) && isRepositoryName(repository) && !here}
      onSubmit={async () => {
        await copy.mutateAsync({ from: joinReference(`${place.project}/${place.repository}`, tag ?? artifact.digest), to });
        notify.done(t('artifacts.copiedTo', { to }));
      }}
      onClose={onClose}
    >
      <Autocomplete
        data-autofocus
        label={t('artifacts.copyProject')}
        data={projects.map((each) => each.name)}
        filter={({ options }) => options}
        value={project}
        onChange={setProject}
        error={project !== '' && !isProjectName(project) && t('artifacts.copyProjectBad')}
        maxLength={255}
        spellCheck={false}
      />
      <Autocomplete
        label={t('artifacts.copyRepository')}
        description={t('artifacts.copyRepositoryText')}
        data={repositories.map((each) => withoutProject(each.name, project))}
        filter={({ options }) => options}
        value={repository}
        onChange={setRepository}
        error={here ? t('artifacts.copyHere') : repository !== '' && !isRepositoryName(repository) && t('artifacts.copyRepositoryBad')}
        maxLength={255}
        spellCheck={false}
      />
      <Stack gap={2} component="ul" m={0} pl="md">
        {along.map((line) => (
          <Text key={line} size="sm" component="li">
            {line}
          </Text>
        ))}
      </Stack>
    </FormDialog>
  );
}
