import type { RetentionPolicy, RetentionRule, Selector } from '@/api/types';
import { faultOf } from '@/lib/doublestar';
import { everything, type Half } from './rule';

/** Ways to keep artifacts; the first five are those that Harbor offers. */
export const templates = ['latestPushedK', 'latestPulledN', 'nDaysSinceLastPush', 'nDaysSinceLastPull', 'always', 'latestActiveK', 'lastXDays', 'nothing'] as const;
export type Template = (typeof templates)[number];

const counts: readonly Template[] = ['latestPushedK', 'latestPulledN', 'latestActiveK'];
const days: readonly Template[] = ['nDaysSinceLastPush', 'nDaysSinceLastPull', 'lastXDays'];

/** The most that the server takes; undefined: the template has no number. */
export const mostOf = (template: Template): number | undefined => (counts.includes(template) ? 32_766 : days.includes(template) ? 36_500 : undefined);
export const mostRules = 15;

/** One rule as the form edits it. */
export interface RetentionDraft {
  template: Template;
  number: number;
  tags: Half;
  repositories: Half;
  /** it is about artifacts without a tag, too */
  untagged: boolean;
}

/** What most people begin with. */
export const retentionExamples = [
  { name: 'newest', draft: { template: 'latestPushedK', number: 10, tags: everything, repositories: everything, untagged: false } },
  { name: 'used', draft: { template: 'nDaysSinceLastPull', number: 30, tags: everything, repositories: everything, untagged: false } },
  { name: 'releases', draft: { template: 'always', number: 0, tags: { except: false, pattern: 'v*' }, repositories: everything, untagged: false } },
  { name: 'recent', draft: { template: 'nDaysSinceLastPush', number: 14, tags: everything, repositories: everything, untagged: true } },
] as const satisfies { name: string; draft: RetentionDraft }[];

const isTemplate = (text: string): text is Template => templates.some((each) => each === text);
const excludes = (selector: Selector) => selector.decoration === 'excludes' || selector.decoration === 'repoExcludes';

/** Whether a selector of tags takes what has none, as the server reads it. */
export function takesUntagged(selector: Selector): boolean {
  const except = excludes(selector);
  let flag = !except;
  if (selector.extras) {
    try {
      flag = (JSON.parse(selector.extras) as { untagged?: boolean }).untagged === true;
    } catch {
      // The server refuses what is no JSON.
    }
  }
  return except ? !flag : flag;
}

const halfOf = (selector: Selector): Half => ({ except: excludes(selector), pattern: selector.pattern });

export interface RuleWords {
  template: string;
  number: number;
  tags: Half[];
  repositories: Half[];
  untagged: boolean;
}

/** A rule as a sentence needs it, whoever made it. */
export const wordsOf = (rule: RetentionRule): RuleWords => ({
  template: rule.template,
  number: Number(rule.params[rule.template] ?? 0),
  tags: (rule.tag_selectors ?? []).map(halfOf),
  repositories: (rule.scope_selectors.repository ?? []).map(halfOf),
  untagged: (rule.tag_selectors ?? []).every(takesUntagged),
});

/** undefined: the rule has more than the form edits, which would lose it. */
export function retentionDraftOf(rule: RetentionRule): RetentionDraft | undefined {
  const { template, number, tags, repositories, untagged } = wordsOf(rule);
  const [tag, ...moreTags] = tags;
  const [repository, ...moreRepositories] = repositories;
  if (!isTemplate(template) || !tag || !repository || moreTags.length > 0 || moreRepositories.length > 0) return undefined;
  return { template, number, tags: tag, repositories: repository, untagged };
}

export function retentionRuleOf({ template, number, tags, repositories, untagged }: RetentionDraft, disabled = false): RetentionRule {
  return {
    disabled,
    action: 'retain',
    template,
    params: mostOf(template) === undefined ? {} : { [template]: number },
    tag_selectors: [
      {
        kind: 'doublestar',
        decoration: tags.except ? 'excludes' : 'matches',
        pattern: tags.pattern,
        extras: JSON.stringify({ untagged: tags.except ? !untagged : untagged }),
      },
    ],
    scope_selectors: { repository: [{ kind: 'doublestar', decoration: repositories.except ? 'repoExcludes' : 'repoMatches', pattern: repositories.pattern }] },
  };
}

export const isGoodNumber = ({ template, number }: RetentionDraft): boolean => {
  const most = mostOf(template);
  return most === undefined || (Number.isInteger(number) && number >= 0 && number <= most);
};

export const isGoodRetention = (draft: RetentionDraft): boolean =>
  isGoodNumber(draft) && faultOf(draft.tags.pattern) === undefined && faultOf(draft.repositories.pattern) === undefined;

/** The policy's number, which the project's metadata has. */
export const policyIdOf = (metadata: Record<string, string> | null | undefined): number | undefined => {
  const id = Number(metadata?.retention_id);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
};

export const policyBody = (projectId: number, rules: RetentionRule[], cron = '') => ({
  algorithm: 'or',
  rules,
  scope: { level: 'project', ref: projectId },
  trigger: { kind: 'Schedule', settings: { cron } },
});

export const cronOf = (policy: RetentionPolicy | undefined): string => policy?.trigger.settings.cron ?? '';
