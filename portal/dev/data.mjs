// The made-up harbour that the development server shows: enough of everything for paging, and the odd cases that
// pages must stand. Deterministic, so that two screenshots of one page are comparable.
import { makeArtifacts } from './made/artifacts.mjs';
import { ago, sha } from './made/basics.mjs';
import { makeLabels } from './made/labels.mjs';

export { ago, sha };

export function seed() {
  const people = ['mei.lin', 'jonas', 'amara', 'yuki', 'diego', 'priya', 'tomasz', 'chen.wei', 'fatima', 'olga', 'sam', 'noor'];
  const users = [
    { user_id: 1, username: 'admin', email: 'admin@example.com', realname: 'System Administrator', sysadmin_flag: true, password: 'Roadstead1' },
    ...people.map((username, i) => ({
      user_id: i + 2,
      username,
      email: `${username}@example.com`,
      realname: username.split('.').map((part) => part[0].toUpperCase() + part.slice(1)).join(' '),
      sysadmin_flag: i === 3,
      password: 'Roadstead1',
    })),
    ...Array.from({ length: 24 }, (_, i) => ({
      user_id: i + 20, username: `build-${String(i + 1).padStart(2, '0')}`, email: `build${i + 1}@example.com`, realname: 'Build account', sysadmin_flag: false, password: 'Roadstead1',
    })),
  ].map((user, i) => ({ comment: '', admin_role_in_auth: false, creation_time: ago(60 * 24 * (300 - i * 7)), update_time: ago(60 * i), ...user }));

  const names = ['library', 'payments', 'platform', 'web', 'data-science', 'mobile', 'edge', 'security', 'observability', 'sandbox'];
  const projects = Array.from({ length: 60 }, (_, i) => ({
    project_id: i + 1,
    name: names[i] ?? `team-${String(i - names.length + 1).padStart(2, '0')}`,
    owner_id: 1,
    owner_name: i % 3 === 0 ? 'admin' : people[i % people.length],
    creation_time: ago(60 * 24 * (3 + i * 5)),
    update_time: ago(45 * (i + 1)),
    metadata: { public: String(i % 4 === 0), ...(i === 0 ? { retention_id: '1' } : {}) },
    quota: i === 0 ? 8 * 1024 ** 3 : i === 1 ? 20 * 1024 ** 3 : i === 2 ? 8 * 1024 ** 3 : -1,
    used: i < 10 ? Math.round((7.4 - i * 0.55) * 1024 ** 3) : 0,
  }));

  const members = projects.flatMap((project, i) =>
    [['admin', 1, 1], ...people.slice(0, i < 3 ? 12 : 3).map((name, n) => [name, n + 2, [1, 4, 2, 3, 5][n % 5]])].map(([name, id, role], n) => ({
      id: project.project_id * 100 + n, project_id: project.project_id, entity_id: id, entity_name: name, entity_type: 'u', role_id: role,
    })),
  );

  const labels = makeLabels(projects);
  const repositories = [];
  const artifacts = [];
  const manifests = new Map();
  const shipped = { library: ['alpine', 'postgres', 'nginx', 'team/app', 'charts/ingress', 'models/tide', 'hello'], payments: ['api', 'worker', 'ledger/reconcile'], platform: ['gateway', 'tools/ci'], web: ['storefront', 'cms'] };
  for (const project of projects) {
    (shipped[project.name] ?? (project.project_id < 20 ? ['service'] : [])).forEach((short, r) => {
      const repository = {
        id: repositories.length + 1, project_id: project.project_id, name: `${project.name}/${short}`, pull_count: 14_280 >> (r * 2), creation_time: ago(60 * 24 * (90 + r)), update_time: ago(12 + repositories.length * 95),
        description: short === 'team/app' ? 'The customer-facing application. Tags follow semantic versions; latest is what runs in production.' : '',
      };
      repositories.push(repository);
      const amount = short === 'team/app' ? 120 : short === 'hello' ? 0 : 6;
      artifacts.push(...makeArtifacts(repository, amount, manifests, artifacts.length, labels));
    });
  }
  const audit = auditLog(projects, people, repositories);
  return { users, projects, members, labels, repositories, artifacts, manifests, audit };
}

function auditLog(projects, people, repositories) {
  const what = [
    (r) => ['create', 'artifact', `${r.name}:v1.${r.id}.0`, 'push artifact'],
    (r) => ['pull', 'artifact', `${r.name}@${sha(r.name).slice(0, 31)}`, 'pull artifact'],
    (r, who) => ['login', 'user', who, 'log in'],
    (r, who) => ['create', 'member', who, 'add member'],
    (r) => ['delete', 'tag', `${r.name}:old`, 'delete tag'],
    (r) => ['update', 'project', r.name.split('/')[0], 'update project'],
  ];
  return Array.from({ length: 640 }, (_, i) => {
    const repository = repositories[(i * 7) % repositories.length];
    const username = people[(i * 5) % people.length];
    const [operation, resource_type, resource, words] = what[(i * 11 + (i >> 3)) % what.length](repository, username);
    return { id: 640 - i, username, operation, resource_type, resource, operation_description: `${words}: ${resource}`, operation_result: i % 17 !== 5, op_time: ago(3 + i * 38), project_id: repository.project_id };
  });
}

const all = { '.': 'RUD', member: 'CRUDL', metadata: 'CRUD', log: 'L', label: 'CRUDL', robot: 'CRUDL', 'immutable-tag': 'CUDL', quota: 'R', repository: 'CRUDL', configuration: 'RU', artifact: 'CRDL', 'artifact-addition': 'R', tag: 'CDL', 'artifact-label': 'CD', accessory: 'L' };
const table = {
  1: all,
  4: { ...all, '.': 'R', member: 'RL', metadata: 'R', robot: 'RL', log: '' },
  2: { ...all, '.': 'R', member: 'RL', metadata: '', log: '', label: 'RL', robot: 'RL', 'immutable-tag': '', repository: 'CRUL', artifact: 'CRL', tag: 'CL' },
  3: { '.': 'R', member: 'RL', robot: 'RL', label: 'RL', repository: 'RL', artifact: 'RL', tag: 'L', accessory: 'L', 'artifact-addition': 'R', quota: 'R' },
  5: { '.': 'R', repository: 'RL', artifact: 'RL', tag: 'L', accessory: 'L', 'artifact-addition': 'R', quota: 'R' },
  0: { '.': 'R', repository: 'L', artifact: 'RL', tag: 'L', accessory: 'L', 'artifact-addition': 'R' },
};
const words = { C: 'create', R: 'read', U: 'update', D: 'delete', L: 'list' };

export function permissionsOf(role) {
  const listed = Object.entries(table[role] ?? {}).flatMap(([resource, letters]) => [...letters].map((letter) => ({ action: words[letter], resource })));
  const moves = role === 0 || role >= 3 && role !== 4 ? ['pull'] : ['pull', 'push'];
  return [...listed, ...moves.map((action) => ({ action, resource: 'repository' }))];
}
