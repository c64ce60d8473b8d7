import { SegmentedControl, Stack, TagsInput, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isProjectName } from '@/lib/reference';
import { projectNamesQuery } from './api';

interface Props {
  everywhere: boolean;
  projects: string[];
  onEverywhere: (everywhere: boolean) => void;
  onProjects: (projects: string[]) => void;
}

const most = 50;

/** Where a robot of the system works: in all projects, or in those that are named. */
export function ProjectChoice({ everywhere, projects, onEverywhere, onProjects }: Props) {
  const { t } = useTranslation();
  const label = useId();
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.trim(), 200);
  const found = useQuery({ ...projectNamesQuery(asked), enabled: !everywhere }).data ?? [];
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600} id={label}>
        {t('robots.scope')}
      </Text>
      <SegmentedControl
        aria-labelledby={label}
        value={everywhere ? 'all' : 'chosen'}
        onChange={(value) => onEverywhere(value === 'all')}
        data={[
          { value: 'chosen', label: t('robots.chooseProjects') },
          { value: 'all', label: t('robots.allProjects') },
        ]}
      />
      {!everywhere && (
        <TagsInput
          aria-label={t('robots.chosenProjects')}
          placeholder={projects.length === 0 ? t('robots.projectsPlaceholder') : ''}
          data={found}
          value={projects}
          onChange={(names) => onProjects(names.map((name) => name.trim()).filter(isProjectName))}
          searchValue={text}
          onSearchChange={setText}
          // The server has already matched.
          filter={({ options }) => options}
          maxTags={most}
          clearable={false}
        />
      )}
    </Stack>
  );
}
