// The made-up harbour that the development server shows: enough of everything for paging, and the odd cases that
// pages must stand. Deterministic, so that two screenshots of one page are comparable.
import { createHash } from 'node:crypto';

export const sha = (text) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
export const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
const never = '0001-01-01T00:00:00.000Z';

const types = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
};

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
    metadata: { public: String(i % 4 === 0) },
    quota: i === 1 ? 20 * 1024 ** 3 : i === 2 ? 8 * 1024 ** 3 : -1,
    used: i < 10 ? Math.round((7.4 - i * 0.55) * 1024 ** 3) : 0,
  }));

  const members = projects.flatMap((project, i) =>
    [['admin', 1, 1], ...people.slice(0, i < 3 ? 12 : 3).map((name, n) => [name, n + 2, [1, 4, 2, 3, 5][n % 5]])].map(([name, id, role], n) => ({
      id: project.project_id * 100 + n, project_id: project.project_id, entity_id: id, entity_name: name, entity_type: 'u', role_id: role,
    })),
  );

  const repositories = [];
  const artifacts = [];
  const manifests = new Map();
  const shipped = { library: ['alpine', 'postgres', 'nginx', 'team/app', 'charts/ingress', 'hello'], payments: ['api', 'worker', 'ledger/reconcile'], platform: ['gateway', 'tools/ci'], web: ['storefront', 'cms'] };
  for (const project of projects) {
    (shipped[project.name] ?? (project.project_id < 20 ? ['service'] : [])).forEach((short, r) => {
      const repository = {
        id: repositories.length + 1, project_id: project.project_id, name: `${project.name}/${short}`, pull_count: 14_280 >> (r * 2), creation_time: ago(60 * 24 * (90 + r)), update_time: ago(12 + repositories.length * 95),
        description: short === 'team/app' ? 'The customer-facing application. Tags follow semantic versions; latest is what runs in production.' : '',
      };
      repositories.push(repository);
      const amount = short === 'team/app' ? 120 : short === 'hello' ? 0 : 6;
      for (let a = 0; a < amount; a++) artifacts.push(...image(repository, a, amount, manifests, artifacts.length));
    });
  }
  const audit = auditLog(projects, people, repositories);
  return { users, projects, members, repositories, artifacts, manifests, audit };
}

function image(repository, a, amount, manifests, at) {
  const chart = repository.name.includes('charts/');
  const minor = amount - a;
  const tags = a % 9 === 8 ? [] : a === 0 ? [`v1.${minor}.0`, 'latest', 'stable'] : [`v1.${minor}.${a % 3}`];
  const seedText = `${repository.name}${a}`;
  const common = (digest, i) => ({
    id: at * 4 + i + 1, project_id: repository.project_id, repository_id: repository.id, repository_name: repository.name, digest, push_time: ago(30 + a * 610), pull_time: a % 5 === 4 ? never : ago(4 + a * 200), labels: null,
  });
  const single = (arch, variant, i) => {
    const layers = [29_124_864, 1_572_864, 84_934_656 + a * 4096, 512, 2_097_152].map((size, n) => ({ mediaType: types.layer, digest: sha(`${seedText}${arch}${n}`), size }));
    const text = JSON.stringify({ schemaVersion: 2, mediaType: types.manifest, config: { mediaType: types.config, digest: sha(`config${seedText}${arch}`), size: 4823 }, layers }, null, 3);
    const digest = sha(text);
    manifests.set(digest, text);
    return {
      ...common(digest, i), type: 'IMAGE', media_type: types.config, manifest_media_type: types.manifest, artifact_type: types.config, size: layers.reduce((sum, layer) => sum + layer.size, text.length), references: null, tags: null, accessories: null,
      extra_attrs: {
        architecture: arch, os: 'linux', variant, author: 'Platform team <platform@example.com>', created: ago(60 + a * 610),
        config: { Entrypoint: ['/usr/local/bin/app'], Cmd: ['serve', '--port', '8080'], Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin', 'LANG=C.UTF-8', 'APP_ENV=production'], ExposedPorts: { '8080/tcp': {} }, User: '65532', WorkingDir: '/srv', Labels: { 'org.opencontainers.image.source': 'https://git.example.com/shop/app', 'org.opencontainers.image.revision': '9f1c2a7' } },
      },
      addition_links: { build_history: { absolute: false, href: '' } },
    };
  };
  if (chart) {
    const text = JSON.stringify({ schemaVersion: 2, config: { mediaType: 'application/vnd.cncf.helm.config.v1+json', digest: sha(`c${seedText}`), size: 210 }, layers: [{ mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', digest: sha(`l${seedText}`), size: 18_240 }] });
    const digest = sha(text);
    manifests.set(digest, text);
    const artifact = { ...common(digest, 0), type: 'CHART', manifest_media_type: types.manifest, size: 18_450, references: null, extra_attrs: { name: 'ingress', version: `0.${minor}.0` }, annotations: { 'org.opencontainers.image.title': 'ingress' } };
    return [withTags(artifact, [`0.${minor}.0`], repository)];
  }
  if (a % 2 === 1) return [withTags(single('amd64', undefined, 0), tags, repository)];
  const children = [single('amd64', undefined, 1), single('arm64', 'v8', 2), ...(a === 0 ? [single('s390x', undefined, 3)] : [])];
  const references = children.map((child) => ({ child_id: child.id, parent_id: at * 4 + 1, child_digest: child.digest, platform: { os: 'linux', architecture: child.extra_attrs.architecture, ...(child.extra_attrs.variant ? { variant: child.extra_attrs.variant } : {}) }, urls: null }));
  const text = JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests: references.map((reference) => ({ mediaType: types.manifest, digest: reference.child_digest, size: 1200, platform: reference.platform })) }, null, 2);
  const digest = sha(text);
  manifests.set(digest, text);
  const accessories = a === 0 ? [
    { id: at + 1, artifact_id: 9001, digest: sha(`sig${seedText}`), type: 'signature.cosign', size: 2415, icon: '', creation_time: ago(20), subject_artifact_digest: digest },
    { id: at + 2, artifact_id: 9002, digest: sha(`sbom${seedText}`), type: 'sbom.harbor', size: 184_320, icon: '', creation_time: ago(19), subject_artifact_digest: digest },
  ] : null;
  const parent = { ...common(digest, 0), type: 'IMAGE', media_type: types.index, manifest_media_type: types.index, size: children.reduce((sum, child) => sum + child.size, 0), references, accessories };
  return [withTags(parent, tags, repository), ...children];
}

let tagId = 1;
export const newTag = (artifact, name, when = ago(0)) => ({ id: tagId++, artifact_id: artifact.id, repository_id: artifact.repository_id, name, push_time: when, pull_time: artifact.pull_time, immutable: name === 'stable' });
const withTags = (artifact, names) => ({ ...artifact, tags: names.length > 0 ? names.map((name) => newTag(artifact, name, artifact.push_time)) : null });

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

export const history = [
  ['/bin/sh -c #(nop) ADD file:9b38b383dd93169a663eed88edf3f2285b837257ead69dc40ab5ed1fb3f52c35 in / ', false],
  ['/bin/sh -c #(nop)  CMD ["bash"]', true],
  ['RUN /bin/sh -c apt-get update && apt-get install -y --no-install-recommends ca-certificates tzdata && rm -rf /var/lib/apt/lists/* # buildkit', false],
  ['ENV LANG=C.UTF-8 APP_ENV=production', true],
  ['COPY /out/app /usr/local/bin/app # buildkit', false],
  ['WORKDIR /srv', false],
  ['COPY assets/ /srv/assets # buildkit', false],
  ['USER 65532', true],
  ['ENTRYPOINT ["/usr/local/bin/app"]', true],
].map(([created_by, empty_layer]) => ({ created: ago(300), created_by, ...(empty_layer ? { empty_layer } : {}), comment: 'buildkit.dockerfile.v0' }));

const all = { '.': 'RUD', member: 'CRUDL', metadata: 'CRUD', log: 'L', label: 'CRUDL', quota: 'R', repository: 'CRUDL', configuration: 'RU', artifact: 'CRDL', 'artifact-addition': 'R', tag: 'CDL', accessory: 'L' };
const table = {
  1: all,
  4: { ...all, '.': 'R', member: 'RL', metadata: 'R', log: '' },
  2: { ...all, '.': 'R', member: 'RL', metadata: '', log: '', repository: 'CRUL', artifact: 'CRL', tag: 'CL' },
  3: { '.': 'R', member: 'RL', repository: 'RL', artifact: 'RL', tag: 'L', accessory: 'L', 'artifact-addition': 'R', quota: 'R' },
  5: { '.': 'R', repository: 'RL', artifact: 'RL', tag: 'L', accessory: 'L', 'artifact-addition': 'R', quota: 'R' },
  0: { '.': 'R', repository: 'L', artifact: 'RL', tag: 'L', accessory: 'L', 'artifact-addition': 'R' },
};
const words = { C: 'create', R: 'read', U: 'update', D: 'delete', L: 'list' };

export function permissionsOf(role) {
  const listed = Object.entries(table[role] ?? {}).flatMap(([resource, letters]) => [...letters].map((letter) => ({ action: words[letter], resource })));
  const moves = role === 0 || role >= 3 && role !== 4 ? ['pull'] : ['pull', 'push'];
  return [...listed, ...moves.map((action) => ({ action, resource: 'repository' }))];
}
