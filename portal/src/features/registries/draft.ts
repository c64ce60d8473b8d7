import type { Registry, RegistryProvider } from '@/api/types';

/** What the form holds. */
export interface Draft {
  type: string;
  name: string;
  description: string;
  url: string;
  accessKey: string;
  /** the kind has one name only, which goes with a secret */
  keyIsFixed: boolean;
  /** undefined: the one that is kept */
  secret: string | undefined;
  insecure: boolean;
  ca: string;
}

export const fixedUrl = (kind: RegistryProvider | undefined) =>
  kind?.endpoint_pattern.endpoint_type === 'EndpointPatternTypeFix' ? kind.endpoint_pattern.endpoints?.[0]?.value : undefined;

export const fixedKey = (kind: RegistryProvider | undefined) =>
  kind?.credential_pattern.access_key_type === 'AccessKeyTypeFix' ? (kind.credential_pattern.access_key_data ?? '') : undefined;

/** The secret is the content of a file. */
export const isFile = (kind: RegistryProvider | undefined) => kind?.credential_pattern.access_secret_type === 'AccessSecretTypeFile';

export const suggestions = (kind: RegistryProvider | undefined) => kind?.endpoint_pattern.endpoints ?? [];

export function draftOf(registry: Registry | undefined, type: string): Draft {
  return {
    type: registry?.type ?? type,
    name: registry?.name ?? '',
    description: registry?.description ?? '',
    url: registry?.url ?? '',
    accessKey: registry?.credential.access_key ?? '',
    keyIsFixed: false,
    secret: registry?.credential.access_secret ? undefined : '',
    insecure: registry?.insecure ?? false,
    ca: registry?.ca_certificate ?? '',
  };
}

/** Another kind brings its own URL and key; what was typed for any kind stays. */
export function withKind(draft: Draft, type: string, kinds: Record<string, RegistryProvider>): Draft {
  const before = kinds[draft.type];
  const after = kinds[type];
  const wasOffered = draft.url === '' || suggestions(before).some(({ value }) => value === draft.url);
  const key = fixedKey(after);
  return {
    ...draft,
    type,
    url: fixedUrl(after) ?? (wasOffered ? '' : draft.url),
    accessKey: key ?? (draft.keyIsFixed ? '' : draft.accessKey),
    keyIsFixed: key !== undefined,
  };
}

export function isComplete(draft: Draft): boolean {
  return draft.name.trim() !== '' && isReachable(draft);
}

export const isReachable = (draft: Draft) => draft.url.trim() !== '' && !hasPassword(draft.url);

/** A URL that carries a user name, which would be shown and logged. */
export function hasPassword(url: string): boolean {
  const [, authority = ''] = /^[a-z]*:\/\/([^/?#]*)/i.exec(url.trim()) ?? [];
  return authority.includes('@');
}

/** Nobody, where neither a name nor a secret is given. */
function credentialOf(draft: Draft) {
  const name = draft.accessKey.trim();
  const secret = draft.secret ?? '';
  if (secret === '' && (draft.keyIsFixed || name === '')) return undefined;
  return { type: 'basic', access_key: name, access_secret: secret };
}

export function creationOf(draft: Draft) {
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    type: draft.type,
    url: draft.url.trim(),
    insecure: draft.insecure,
    ca_certificate: draft.ca.trim(),
    credential: credentialOf(draft),
  };
}

/** What of the draft is another than the registry's; a secret that was not typed stays. */
export const changeOf = (draft: Draft, registry: Registry) => ({
  name: draft.name.trim(),
  description: draft.description.trim(),
  ...connectionOf(draft, registry),
});

function connectionOf(draft: Draft, registry: Registry) {
  const key = draft.accessKey.trim();
  return {
    url: draft.url.trim(),
    insecure: draft.insecure,
    ca_certificate: draft.ca.trim(),
    ...(key !== (registry.credential.access_key ?? '') && { access_key: key }),
    ...(draft.secret !== undefined && (draft.secret !== '' || registry.credential.access_secret) && { access_secret: draft.secret }),
    ...((draft.secret || key) && { credential_type: 'basic' }),
  };
}

export function pingOf(draft: Draft, registry: Registry | undefined) {
  if (registry) return { id: registry.id, ...connectionOf(draft, registry) };
  const { type, url, insecure, ca_certificate, credential } = creationOf(draft);
  return { type, url, insecure, ca_certificate, ...(credential && { credential_type: credential.type, access_key: credential.access_key, access_secret: credential.access_secret }) };
}
