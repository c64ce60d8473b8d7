import { sha } from './basics.mjs';

const links = (...names) => Object.fromEntries(names.map((name) => [name, { absolute: false, href: '' }]));

export function chart({ repository, a, amount, common, keep }) {
  const seed = `${repository.name}${a}`;
  const version = `0.${amount - a}.0`;
  const text = JSON.stringify({ schemaVersion: 2, config: { mediaType: 'application/vnd.cncf.helm.config.v1+json', digest: sha(`c${seed}`), size: 210 }, layers: [{ mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', digest: sha(`l${seed}`), size: 18_240 + a }] });
  const digest = sha(text);
  keep(digest, text);
  return [{
    ...common(digest, 0), type: 'CHART', media_type: 'application/vnd.cncf.helm.config.v1+json', manifest_media_type: 'application/vnd.oci.image.manifest.v1+json', size: 18_450 + a,
    extra_attrs: { apiVersion: 'v2', name: 'ingress', version, appVersion: `1.${amount - a}.3`, type: 'application', description: 'An ingress controller for the harbour', home: 'https://charts.example.com', keywords: ['ingress', 'proxy'], maintainers: [{ name: 'Mei Lin', email: 'mei.lin@example.com' }] },
    annotations: { 'org.opencontainers.image.title': 'ingress', 'org.opencontainers.image.version': version },
    addition_links: links('readme.md', 'values.yaml', 'dependencies', 'files'),
  }];
}

export const chartContent = {
  'readme.md': `# ingress

An ingress controller that leads ships to their berths. ![version](https://img.example.com/v.svg)

> **Note** This chart needs Kubernetes 1.27 or newer.

## Install

\`\`\`sh
helm install ingress oci://registry.example.com/library/charts/ingress --version 0.6.0
\`\`\`

1. Set \`replicaCount\`
2. Read the [guide](https://charts.example.com/guide) or <https://example.com>
   - a nested point
   - [ ] something to do

| Key | Default | What it is |
|:----|--------:|------------|
| \`replicaCount\` | 2 | pods, each on its own node |
| \`service.type\` | \`LoadBalancer\` | see *Services* |

<script>alert('never')</script>
[a bad link](javascript:alert(1)) <b>bold by markup</b><br>and a line.

---
~~Removed~~ in 0.5.
`,
  'values.yaml': `# How many pods run.
replicaCount: 2

image:
  repository: registry.example.com/library/nginx
  tag: "v1.6.0"   # quoted, so that 1.10 stays 1.10
  pullPolicy: IfNotPresent

service:
  type: LoadBalancer
  ports: [80, 443]
  annotations: {}

resources:
  limits: {cpu: 500m, memory: 128Mi}

motd: |
  Welcome: to the harbour
  # not a comment
enabled: true
nothing: null
`,
  dependencies: [
    { name: 'common', version: '2.x.x', repository: 'oci://registry.example.com/library/charts' },
    { name: 'redis', version: '~19.1.0', repository: 'https://charts.example.com' },
  ],
  files: [
    { name: 'Chart.yaml', type: 'file', size: 912 },
    { name: 'README.md', type: 'file', size: 4210 },
    { name: 'templates', type: 'directory', children: [{ name: 'deployment.yaml', type: 'file', size: 2840 }, { name: 'tests', type: 'directory', children: [{ name: 'connection.yaml', type: 'file', size: 410 }] }] },
    { name: 'values.yaml', type: 'file', size: 1402 },
  ],
};
