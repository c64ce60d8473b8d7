import { kindOf } from './kind';
import { joinReference } from './reference';

export const clients = ['docker', 'podman', 'nerdctl', 'crane', 'oras', 'helm'] as const;
export type Client = (typeof clients)[number];

export const isClient = (value: unknown): value is Client => clients.some((client) => client === value);

export interface PullTarget {
  host: string;
  /** with its project: library/team/app */
  repository: string;
  /** a tag or a digest */
  reference: string;
}

/** What runs containers cannot pull a chart, and helm nothing else; crane and oras take anything. */
export function clientsFor(type: string | undefined): readonly Client[] {
  const kind = kindOf(type);
  if (kind === 'image') return clients.filter((client) => client !== 'helm');
  return kind === 'chart' ? ['helm', 'oras', 'crane'] : ['oras', 'crane'];
}

/** The line that brings the artifact to the reader's machine with the client they use. */
export function pullCommand(client: Client, target: PullTarget): string {
  const full = `${target.host}/${joinReference(target.repository, target.reference)}`;
  switch (client) {
    case 'crane': {
      const file = target.repository.split('/').at(-1) ?? 'artifact';
      return `crane pull ${full} ${file}.tar`;
    }
    case 'oras':
      return `oras pull ${full}`;
    case 'helm':
      return full.includes('@')
        ? `helm pull oci://${full}`
        : `helm pull oci://${target.host}/${target.repository} --version ${target.reference}`;
    default:
      return `${client} pull ${full}`;
  }
}

export function loginCommand(client: Client, host: string, username: string): string {
  const user = shellWord(username);
  switch (client) {
    case 'crane':
      return `crane auth login ${host} -u ${user}`;
    case 'helm':
      return `helm registry login ${host} -u ${user}`;
    default:
      return `${client} login ${host} -u ${user}`;
  }
}

/** The lines that bring a first artifact here; for the clients that push images, in the order to run them. */
export function pushCommands(client: Client, host: string, project: string, repository = 'hello'): string[] {
  const target = `${host}/${project}/${repository}:v1`;
  const parts = repository.split('/');
  const chart = parts.pop() ?? repository;
  switch (client) {
    case 'crane':
      return [`crane copy docker.io/library/hello-world:latest ${target}`];
    case 'oras':
      return [`echo hello > hello.txt`, `oras push ${target} hello.txt`];
    case 'helm':
      // helm names the repository after the chart.
      return [`helm create ${chart} && helm package ${chart}`, `helm push ${chart}-0.1.0.tgz oci://${[host, project, ...parts].join('/')}`];
    default:
      return [`${client} pull hello-world`, `${client} tag hello-world ${target}`, `${client} push ${target}`];
  }
}

/** Names may hold what a shell reads as its own; a copied command must mean what it shows. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
