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
    list: (params: object) => ['jobs', 'list', params] as const,
    get: (id: string) => ['jobs', 'get', id] as const,
    tasks: (id: string, params: object) => ['jobs', 'tasks', id, params] as const,
    log: (job: string, run: number) => ['job-log', job, run] as const,
  },
  purge: {
    all: ['purge'] as const,
    schedule: ['purge', 'schedule'] as const,
    list: (params: object) => ['purge', 'list', params] as const,
    eventTypes: ['event-types'] as const,
  },
  configurations: ['configurations'] as const,
  audit: {
    list: (project: string | undefined, params: object) => ['audit', project ?? '', params] as const,
  },
};
