import { useMantineColorScheme } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '@/api/client';
import { useCurrentUser } from '@/api/hooks';
import { keys } from '@/api/keys';
import type { Project, Repository } from '@/api/types';
import { chooseLanguage, languageNames, languages } from '@/i18n';
import { fuzzy } from '@/lib/query';
import { isProjectName, isTag, placeOf, withoutProject } from '@/lib/reference';
import {
  AddIcon,
  AuditIcon,
  DarkThemeIcon,
  HomeIcon,
  LanguageIcon,
  LightThemeIcon,
  ProjectsIcon,
  RepositoryIcon,
  SignInIcon,
  SignOutIcon,
  TagIcon,
  UserIcon,
  UsersIcon,
} from '@/ui/icons';
import { useSignOut } from './useSignOut';

export interface PaletteItem {
  id: string;
  group: 'go' | 'pages' | 'actions' | 'projects' | 'repositories';
  name: string;
  hint?: string;
  icon: ComponentType<{ size?: number; stroke?: number }>;
  run: () => void;
}

/** `text` filters what is known here at once; `asked`, a moment later, is what the server is asked for. */
export function usePaletteItems(text: string, asked: string): { items: PaletteItem[]; isLoading: boolean } {
  const fixed = useFixedItems();
  const found = useFoundItems(asked);
  const tag = useTagItem(text);
  const wanted = text.toLowerCase();
  const known = fixed.filter((item) => item.name.toLowerCase().includes(wanted));
  return { items: [...tag, ...found.items, ...known], isLoading: found.isLoading || asked !== text };
}

function useFixedItems(): PaletteItem[] {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const { user } = useCurrentUser();
  const signOut = useSignOut();
  const { setColorScheme } = useMantineColorScheme();
  const items: (PaletteItem | false)[] = [
    user !== null && { id: 'home', group: 'pages', name: t('nav.home'), hint: 'g h', icon: HomeIcon, run: () => void navigate({ to: '/' }) },
    { id: 'projects', group: 'pages', name: t('nav.projects'), hint: 'g p', icon: ProjectsIcon, run: () => void navigate({ to: '/projects' }) },
    user !== null && { id: 'audit', group: 'pages', name: t('nav.audit'), hint: 'g a', icon: AuditIcon, run: () => void navigate({ to: '/audit' }) },
    user?.sysadmin_flag === true && { id: 'users', group: 'pages', name: t('nav.users'), hint: 'g u', icon: UsersIcon, run: () => void navigate({ to: '/users' }) },
    user !== null && { id: 'profile', group: 'pages', name: t('nav.profile'), hint: 'g m', icon: UserIcon, run: () => void navigate({ to: '/profile' }) },
    user !== null && { id: 'new-project', group: 'actions', name: t('projects.create'), icon: AddIcon, run: () => void navigate({ to: '/projects', search: { new: 'project' } }) },
    { id: 'light', group: 'actions', name: t('palette.light'), icon: LightThemeIcon, run: () => setColorScheme('light') },
    { id: 'dark', group: 'actions', name: t('palette.dark'), icon: DarkThemeIcon, run: () => setColorScheme('dark') },
    ...languages
      .filter((language) => language !== i18n.language)
      .map((language) => ({
        id: language,
        group: 'actions' as const,
        name: languageNames[language],
        icon: LanguageIcon,
        run: () => void chooseLanguage(language),
      })),
    user !== null
      ? { id: 'sign-out', group: 'actions', name: t('session.signOut'), icon: SignOutIcon, run: () => void signOut() }
      : { id: 'sign-in', group: 'actions', name: t('session.signIn'), icon: SignInIcon, run: () => void navigate({ to: '/sign-in' }) },
  ];
  return items.filter((item) => item !== false);
}

function useFoundItems(asked: string): { items: PaletteItem[]; isLoading: boolean } {
  const navigate = useNavigate();
  const name = asked.replace(/:.*$/, '');
  const query = { q: name === '' ? undefined : fuzzy('name', name), page_size: 6 };
  const enabled = name !== '';
  const projects = useQuery({
    queryKey: keys.projects.list(query),
    queryFn: ({ signal }) => client.page<Project>('/projects', { query, signal }),
    enabled,
    placeholderData: keepPreviousData,
  });
  const repositories = useQuery({
    queryKey: keys.repositories.everywhere(query),
    queryFn: ({ signal }) => client.page<Repository>('/repositories', { query, signal }),
    enabled,
    placeholderData: keepPreviousData,
  });
  if (!enabled) return { items: [], isLoading: false };
  const items: PaletteItem[] = [
    ...(projects.data?.items ?? []).map(
      (project): PaletteItem => ({
        id: `project-${project.project_id}`,
        group: 'projects',
        name: project.name,
        icon: ProjectsIcon,
        run: () => void navigate({ to: '/projects/$project', params: { project: project.name } }),
      }),
    ),
    ...(repositories.data?.items ?? []).map((repository): PaletteItem => {
      const project = repository.name.split('/')[0] ?? '';
      const _splat = withoutProject(repository.name, project);
      return {
        id: `repository-${repository.id}`,
        group: 'repositories',
        name: repository.name,
        icon: RepositoryIcon,
        run: () => void navigate({ to: '/projects/$project/repositories/$', params: { project, _splat } }),
      };
    }),
  ];
  return { items, isLoading: projects.isFetching || repositories.isFetching };
}

/** "library/team/app:v1" names a tag completely: no search is needed to go there. */
function useTagItem(text: string): PaletteItem[] {
  const navigate = useNavigate();
  const match = /^([^/:\s]+)\/([^:\s]+):([^:\s]+)$/.exec(text);
  if (!match) return [];
  const [, project = '', repository = '', tag = ''] = match;
  if (!isProjectName(project) || !isTag(tag)) return [];
  const params = { project, _splat: placeOf(repository, tag) };
  return [{ id: 'tag', group: 'go', name: text, icon: TagIcon, run: () => void navigate({ to: '/projects/$project/repositories/$', params }) }];
}
