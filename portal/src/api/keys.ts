/** Every query key in one place: what a change makes stale is found by its prefix. */
export const keys = {
  systemInfo: ['systeminfo'] as const,
  currentUser: ['users', 'current'] as const,
  preferences: ['mine', 'preferences'] as const,
  sessions: ['mine', 'sessions'] as const,
  activity: (project: string | undefined, days: number) => ['activity', project ?? '', days] as const,
  search: (params: object) => ['search', params] as const,
  health: ['health'] as const,
  volumes: ['volumes'] as const,
  statistics: ['statistics'] as const,
  operations: ['operations'] as const,
  users: {
    all: ['users'] as const,
    list: (params: object) => ['users', 'list', params] as const,
    search: (name: string) => ['users', 'search', name] as const,
  },
  projects: {
    all: ['projects'] as const,
    list: (params: object) => ['projects', 'list', params] as const,
    get: (name: string) => ['projects', 'get', name] as const,
    summary: (name: string) => ['projects', 'summary', name] as const,
    deletable: (name: string) => ['projects', 'deletable', name] as const,
    allPermissions: ['projects', 'permissions'] as const,
    permissions: (id: number, signedIn: boolean) => ['projects', 'permissions', id, signedIn] as const,
  },
  members: {
    of: (project: string) => ['members', project] as const,
    list: (project: string, params: object) => ['members', project, params] as const,
  },
  repositories: {
    everywhere: (params: object) => ['repositories', '', 'list', params] as const,
    of: (project: string) => ['repositories', project] as const,
    list: (project: string, params: object) => ['repositories', project, 'list', params] as const,
    get: (project: string, repository: string) => ['repositories', project, 'get', repository] as const,
  },
  artifacts: {
    of: (project: string, repository: string) => ['artifacts', project, repository] as const,
    list: (project: string, repository: string, params: object) => ['artifacts', project, repository, 'list', params] as const,
    get: (project: string, repository: string, reference: string) =>
      ['artifacts', project, repository, 'get', reference] as const,
    tags: (project: string, repository: string, reference: string, params: object) =>
      ['artifacts', project, repository, 'tags', reference, params] as const,
    history: (project: string, repository: string, digest: string) =>
      ['artifacts', project, repository, 'history', digest] as const,
    manifest: (project: string, repository: string, digest: string) =>
      ['artifacts', project, repository, 'manifest', digest] as const,
    addition: (project: string, repository: string, digest: string, name: string) =>
      ['artifacts', project, repository, 'addition', digest, name] as const,
    /** what is being done to many of them */
    work: (project: string, repository: string) => ['artifact-work', project, repository] as const,
  },
  tagMoves: (project: string, repository: string, tag: string, params: object) => ['artifacts', project, repository, 'moves', tag, params] as const,
  restorePlan: (project: string, repository: string, at: string) => ['artifacts', project, repository, 'plan', at] as const,
  bin: {
    all: ['recycle-bin'] as const,
    of: (project: string) => ['recycle-bin', project, 'about'] as const,
    /** project: '' for all */
    list: (project: string, params: object) => ['recycle-bin', project, 'list', params] as const,
    projects: (params: object) => ['recycle-bin', '', 'projects', params] as const,
  },
  robots: {
    all: ['robots'] as const,
    list: (params: object) => ['robots', 'list', params] as const,
    catalogue: ['robots', 'catalogue'] as const,
  },
  labels: {
    all: ['labels'] as const,
    list: (params: object) => ['labels', 'list', params] as const,
  },
  immutableRules: (project: string) => ['immutable-rules', project] as const,
  registries: {
    all: ['registries'] as const,
    list: (params: object) => ['registries', 'list', params] as const,
    kinds: ['registries', 'kinds'] as const,
  },
  retention: {
    of: (policy: number) => ['retention', policy] as const,
    policy: (policy: number) => ['retention', policy, 'policy'] as const,
    runs: (policy: number, params: object) => ['retention', policy, 'runs', params] as const,
    tasks: (policy: number, run: number, params: object) => ['retention', policy, 'tasks', run, params] as const,
    log: (policy: number, run: number, task: number, status: string) => ['retention', policy, 'log', run, task, status] as const,
    preview: (project: number, params: object) => ['retention-preview', project, params] as const,
    previews: (project: number) => ['retention-preview', project] as const,
  },
  quotas: {
    all: ['quotas'] as const,
    list: (params: object) => ['quotas', 'list', params] as const,
    of: (projectId: number) => ['quotas', 'of', projectId] as const,
  },
  jobs: {
    all: ['jobs'] as const,
    queues: ['jobs', 'queues'] as const,
    schedules: ['jobs', 'schedules'] as const,
    workers: ['jobs', 'workers'] as const,
    upkeep: ['jobs', 'upkeep'] as const,
    list: (params: object) => ['jobs', 'list', params] as const,
    get: (id: string) => ['jobs', 'get', id] as const,
    tasks: (id: string, params: object) => ['jobs', 'tasks', id, params] as const,
    log: (job: string, run: number) => ['job-log', job, run] as const,
  },
  replication: {
    all: ['replication'] as const,
    allPolicies: ['replication', 'policies'] as const,
    policies: (params: object) => ['replication', 'policies', params] as const,
    registries: ['registries', 'to-copy'] as const,
    runs: (params: object) => ['replication', 'runs', params] as const,
    run: (id: string) => ['replication', 'run', id] as const,
    tasks: (id: string, params: object) => ['replication', 'tasks', id, params] as const,
    log: (id: string, task: number, params: object) => ['replication-log', id, task, params] as const,
    preview: (policy: object) => ['replication-preview', policy] as const,
  },
  purge: {
    all: ['purge'] as const,
    schedule: ['purge', 'schedule'] as const,
    list: (params: object) => ['purge', 'list', params] as const,
    eventTypes: ['event-types'] as const,
  },
  storage: {
    all: ['storage'] as const,
    summary: ['storage', 'summary'] as const,
    findings: (params: object) => ['storage', 'findings', params] as const,
    runs: (params: object) => ['storage', 'runs', params] as const,
    schedule: (what: string) => ['storage', 'schedule', what] as const,
  },
  configurations: ['configurations'] as const,
  audit: {
    list: (project: string | undefined, params: object) => ['audit', project ?? '', params] as const,
  },
};
