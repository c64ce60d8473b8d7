import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, repositoryInPath, type Page } from '@/api/client';
import { keys } from '@/api/keys';
import type { Artifact, ImmutableRule, Repository } from '@/api/types';
import { bodyOf, type RuleDraft } from './rule';

const pathOf = (project: string) => `/projects/${encodeURIComponent(project)}/immutabletagrules`;

/** All of a project's rules: the server allows no more than fit on a page. */
export const rulesQuery = (project: string) =>
  queryOptions({
    queryKey: keys.immutableRules(project),
    queryFn: ({ signal }) => client.page<ImmutableRule>(pathOf(project), { query: { page_size: 100 }, signal }),
  });

const shown = 100;

/** The repositories that a rule is tried on, the ones in use first. */
export const sampleRepositoriesQuery = (project: string) => {
  const query = { page_size: shown, sort: '-update_time' };
  return queryOptions({
    queryKey: keys.repositories.list(project, query),
    queryFn: ({ signal }) => client.page<Repository>(`/projects/${encodeURIComponent(project)}/repositories`, { query, signal }),
  });
};

/** The newest tags of a repository. */
export const sampleTagsQuery = (project: string, repository: string) => {
  const query = { page_size: shown, q: 'tags=*', sort: '-push_time', with_tag: true };
  return queryOptions({
    queryKey: keys.artifacts.list(project, repository, query),
    queryFn: ({ signal }) =>
      client.page<Artifact>(`/projects/${encodeURIComponent(project)}/repositories/${repositoryInPath(repository)}/artifacts`, { query, signal }),
  });
};

export function useRuleChanges(project: string) {
  const queryClient = useQueryClient();
  const queryKey = keys.immutableRules(project);
  const onSuccess = () => {
    // Tags say whether they are immutable.
    void queryClient.invalidateQueries({ queryKey: ['artifacts', project] });
    return queryClient.invalidateQueries({ queryKey });
  };
  const create = useMutation({
    mutationFn: (draft: RuleDraft) => client.done(pathOf(project), { method: 'POST', body: bodyOf(draft) }),
    onSuccess,
  });
  const update = useMutation({
    mutationFn: ({ rule, draft }: { rule: ImmutableRule; draft: RuleDraft }) =>
      client.done(`${pathOf(project)}/${rule.id}`, { method: 'PUT', body: { ...bodyOf(draft), id: rule.id, disabled: rule.disabled === true }, edition: rule.update_time }),
    onSuccess,
  });
  /** Shown as done at once; taken back when the server refuses. */
  const setDisabled = useMutation({
    mutationFn: ({ rule, disabled }: { rule: ImmutableRule; disabled: boolean }) =>
      client.done(`${pathOf(project)}/${rule.id}`, { method: 'PUT', body: { ...rule, disabled }, edition: rule.update_time }),
    onMutate: async ({ rule, disabled }) => {
      await queryClient.cancelQueries({ queryKey });
      const before = queryClient.getQueryData<Page<ImmutableRule>>(queryKey);
      if (before) queryClient.setQueryData(queryKey, { ...before, items: before.items.map((each) => (each.id === rule.id ? { ...each, disabled } : each)) });
      return { before };
    },
    onError: (_error, _variables, context) => {
      if (context?.before) queryClient.setQueryData(queryKey, context.before);
    },
    onSettled: onSuccess,
  });
  const remove = useMutation({
    mutationFn: (rule: ImmutableRule) => client.done(`${pathOf(project)}/${rule.id}`, { method: 'DELETE' }),
    onSuccess,
  });
  return { create, update, setDisabled, remove };
}
