import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Search } from '@/lib/search';
import { isOfProjects, isOfRepositories } from './api';

interface Props {
  search: Search;
  onSearch: (change: Search) => void;
  /** deleted projects, too */
  projects: boolean;
}

/** The lists have orders of their own, so another one begins with the first. */
export function WhatToShow({ search, onSearch, projects }: Props) {
  const { t } = useTranslation();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('recycleBin.show')}
      value={isOfProjects(search) ? 'projects' : isOfRepositories(search) ? 'repositories' : 'artifacts'}
      onChange={(show) => onSearch({ show: show === 'artifacts' ? undefined : show, sort: undefined })}
      data={[
        { value: 'artifacts', label: t('recycleBin.artifacts') },
        { value: 'repositories', label: t('recycleBin.repositories') },
        ...(projects ? [{ value: 'projects', label: t('recycleBin.projects') }] : []),
      ]}
    />
  );
}
