// GET /search/items: words anywhere in names, project: and repo: narrow, tag: begins, a digest or its beginning.
import { api, mayDo } from './access.mjs';

const hex = /^(?:sha256:)?([0-9a-f]{8,64})$/;

function parse(q) {
  const asked = { words: [], project: undefined, repo: undefined, tag: undefined, digest: undefined };
  for (const term of q.toLowerCase().split(/\s+/).filter(Boolean)) {
    const [, key, value] = /^(project|repo|tag):(.+)$/.exec(term) ?? [];
    if (key) asked[key] = value;
    else if (hex.test(term)) [, asked.digest] = hex.exec(term);
    else asked.words.push(term);
  }
  return asked;
}

export const searchRoutes = [
  ['GET', api('/search/items'), (context) => {
    const { state, query } = context;
    const limit = Math.min(50, Number(query.get('limit') ?? 10));
    const asked = parse(query.get('q') ?? '');
    const has = (name) => asked.words.every((word) => name.includes(word));
    const open = state.projects.filter((project) => mayDo(context, project)('list', 'repository') && (!asked.project || project.name.includes(asked.project)));
    const ids = new Set(open.map((project) => project.project_id));
    const names = asked.words.length > 0 && !asked.tag && !asked.digest;
    const inScope = state.repositories.filter((each) => ids.has(each.project_id) && (!asked.repo || each.name.includes(asked.repo)));
    const scope = new Map(inScope.map((each) => [each.id, each]));
    const artifacts = state.artifacts.filter((each) => scope.has(each.repository_id));
    const tagged = artifacts.flatMap((each) => (each.tags ?? []).map((tag) => ({ project_id: each.project_id, repository_name: each.repository_name, name: tag.name, digest: each.digest, push_time: tag.push_time })));
    return { body: {
      projects: names && !asked.repo ? open.filter(({ name }) => has(name)).slice(0, limit).map(({ project_id, name, metadata }) => ({ project_id, name, public: metadata.public === 'true' })) : [],
      repositories: names || (asked.repo && !asked.tag) || (asked.project && !asked.tag && !asked.digest) ? inScope.filter(({ name }) => has(name)).slice(0, limit).map(({ project_id, name, pull_count, update_time }) => ({ project_id, name, pull_count, update_time, artifact_count: artifacts.filter((each) => each.repository_name === name).length })) : [],
      tags: asked.digest ? [] : tagged.filter(({ name, repository_name }) => (asked.tag ? name.startsWith(asked.tag) && has(repository_name) : asked.words.length > 0 && has(name))).slice(0, limit),
      artifacts: asked.digest ? artifacts.filter(({ digest }) => digest.startsWith(`sha256:${asked.digest}`)).slice(0, limit).map(({ project_id, repository_name, digest, type, tags, push_time }) => ({ project_id, repository_name, digest, type, tags: (tags ?? []).map(({ name }) => name), push_time })) : [],
    } };
  }],
];
