import type { ImmutableRule, Selector } from '@/api/types';
import { matches } from '@/lib/doublestar';

/** One half of a rule: names that match the pattern, or all others. */
export interface Half {
  except: boolean;
  pattern: string;
}

export interface RuleDraft {
  tags: Half;
  repositories: Half;
}

export const everything: Half = { except: false, pattern: '**' };

/** What most people begin with. */
export const examples = [
  { name: 'releases', draft: { tags: { except: false, pattern: 'v*' }, repositories: everything } },
  { name: 'versions', draft: { tags: { except: false, pattern: '{v,}[0-9]*.[0-9]*.[0-9]*' }, repositories: everything } },
  { name: 'moving', draft: { tags: { except: true, pattern: '{latest,edge,nightly,main}' }, repositories: everything } },
  { name: 'production', draft: { tags: everything, repositories: { except: false, pattern: 'prod/**' } } },
] as const satisfies { name: string; draft: RuleDraft }[];

const excludes = (selector: Selector) => selector.decoration === 'excludes' || selector.decoration === 'repoExcludes';
const halfOf = (selector: Selector): Half => ({ except: excludes(selector), pattern: selector.pattern });

export const tagHalves = (rule: ImmutableRule): Half[] => (rule.tag_selectors ?? []).map(halfOf);
export const repositoryHalves = (rule: ImmutableRule): Half[] => (rule.scope_selectors.repository ?? []).map(halfOf);

/** undefined: the rule has several selectors, which only the API can make, and the form would lose some. */
export function draftOf(rule: ImmutableRule): RuleDraft | undefined {
  const [tags, ...moreTags] = tagHalves(rule);
  const [repositories, ...moreRepositories] = repositoryHalves(rule);
  if (!tags || !repositories || moreTags.length > 0 || moreRepositories.length > 0) return undefined;
  return { tags, repositories };
}

export function bodyOf({ tags, repositories }: RuleDraft) {
  return {
    disabled: false,
    action: 'immutable',
    template: 'immutable_template',
    tag_selectors: [{ kind: 'doublestar', decoration: tags.except ? 'excludes' : 'matches', pattern: tags.pattern }],
    scope_selectors: {
      repository: [{ kind: 'doublestar', decoration: repositories.except ? 'repoExcludes' : 'repoMatches', pattern: repositories.pattern }],
    },
  };
}

export const takes = (half: Half, name: string) => matches(half.pattern, name) !== half.except;
