import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCurrentUser } from '@/api/hooks';
import { searchQuery } from '@/api/search';
import type { Found } from '@/api/types';
import { recentVisits } from '@/lib/recent';
import { isProjectName, isTag, placeOf, shortDigest, withoutProject } from '@/lib/reference';
import { DigestIcon, ProjectsIcon, RecentIcon, RepositoryIcon, SearchIcon, TagIcon } from '@/ui/icons';
import { pagesFor } from './pages';
import type { PaletteItem } from './paletteItem';
import { useActions } from './useActions';

/** `text` filters what is known here at once; `asked`, a moment later, is what the server is asked for. */
export function usePaletteItems(text: string, asked: string): { items: PaletteItem[]; isLoading: boolean } {
  const { t } = useTranslation();
  const { user } = useCurrentUser();
  const navigate = useNavigate();
  const actions = useActions();
  const [recent] = useState(recentVisits);
  const answer = useQuery(searchQuery(asked, 5));
  const found = asked === '' ? undefined : answer.data;
  const toPlace = (project: string, _splat: string) => () => void navigate({ to: '/projects/$project/repositories/$', params: { project, _splat } });

  const visits = recent.map((visit): PaletteItem => ({ id: visit.path, group: 'recent', name: visit.name, icon: RecentIcon, run: () => void navigate({ href: visit.path }) }));
  const pages = pagesFor(user).map((page): PaletteItem => ({ id: page.to, group: 'pages', name: t(page.label), hint: page.keys, icon: page.icon, run: () => void navigate({ to: page.to }) }));
  const everything: PaletteItem[] =
    text === '' ? [] : [{ id: 'everything', group: 'search', name: t('palette.everything', { text }), icon: SearchIcon, run: () => void navigate({ to: '/search', search: { q: text } }) }];
  const known = [...pages, ...actions].filter((item) => item.name.toLowerCase().includes(text.toLowerCase()));
  const items = [...(text === '' ? visits : wholeTag(text, toPlace)), ...(found ? foundItems(found, toPlace, (project) => void navigate({ to: '/projects/$project', params: { project } })) : []), ...known, ...everything];
  return { items, isLoading: text !== '' && (asked !== text || answer.isFetching) };
}

type ToPlace = (project: string, place: string) => () => void;

/** "library/team/app:v1" names a tag completely: no search is needed to go there. */
function wholeTag(text: string, toPlace: ToPlace): PaletteItem[] {
  const [, project = '', repository = '', tag = ''] = /^([^/:\s]+)\/([^:\s]+):([^:\s]+)$/.exec(text) ?? [];
  if (!isProjectName(project) || !isTag(tag)) return [];
  return [{ id: 'tag', group: 'go', name: text, icon: TagIcon, run: toPlace(project, placeOf(repository, tag)) }];
}

function foundItems(found: Found, toPlace: ToPlace, toProject: (project: string) => void): PaletteItem[] {
  const split = (name: string) => {
    const project = name.split('/')[0] ?? '';
    return [project, withoutProject(name, project)] as const;
  };
  return [
    ...found.projects.map((each): PaletteItem => ({ id: `project-${each.project_id}`, group: 'projects', name: each.name, icon: ProjectsIcon, run: () => toProject(each.name) })),
    ...found.repositories.map((each): PaletteItem => ({ id: `repository-${each.name}`, group: 'repositories', name: each.name, icon: RepositoryIcon, run: toPlace(...split(each.name)) })),
    ...found.tags.map((each): PaletteItem => {
      const [project, repository] = split(each.repository_name);
      const name = `${each.repository_name}:${each.name}`;
      return { id: `tag-${name}`, group: 'tags', name, hint: shortDigest(each.digest), icon: TagIcon, run: toPlace(project, placeOf(repository, each.name)) };
    }),
    ...found.artifacts.map((each): PaletteItem => {
      const [project, repository] = split(each.repository_name);
      const name = `${each.repository_name}@${shortDigest(each.digest)}`;
      return { id: `artifact-${name}`, group: 'artifacts', name, hint: each.tags[0], icon: DigestIcon, run: toPlace(project, placeOf(repository, each.digest)) };
    }),
  ];
}
