import { describe, expect, test } from 'vitest';
import type { Registry, RegistryProvider } from '@/api/types';
import { changeOf, creationOf, draftOf, hasPassword, isComplete, pingOf, withKind } from './draft';

const any = { access_key_type: 'AccessKeyTypeStandard', access_secret_type: 'AccessSecretTypeStandard' };
const kinds: Record<string, RegistryProvider> = {
  harbor: { description: '', endpoint_pattern: { endpoint_type: 'EndpointPatternTypeStandard', endpoints: null }, credential_pattern: any },
  'docker-hub': { description: '', endpoint_pattern: { endpoint_type: 'EndpointPatternTypeFix', endpoints: [{ key: 'hub', value: 'https://hub.docker.com' }] }, credential_pattern: any },
  'google-gcr': {
    description: '',
    endpoint_pattern: { endpoint_type: 'EndpointPatternTypeList', endpoints: [{ key: 'gcr.io', value: 'https://gcr.io' }] },
    credential_pattern: { access_key_type: 'AccessKeyTypeFix', access_key_data: '_json_key', access_secret_type: 'AccessSecretTypeFile' },
  },
};

const registry: Registry = {
  id: 7,
  name: 'mirror',
  type: 'harbor',
  url: 'https://mirror.example.com',
  insecure: false,
  credential: { type: 'basic', access_key: 'robot$copy', access_secret: '*****' },
  status: 'healthy',
  status_since: '2026-11-01T00:00:00.000Z',
  creation_time: '2026-11-01T00:00:00.000Z',
  update_time: '2026-11-02T00:00:00.000Z',
};

describe('the draft of a registry', () => {
  test('a kind brings its own URL and key, and takes them along when it goes', () => {
    const typed = { ...draftOf(undefined, 'harbor'), name: 'a', url: 'https://a.example.com', accessKey: 'me' };
    const hub = withKind(typed, 'docker-hub', kinds);
    expect([hub.url, hub.accessKey]).toEqual(['https://hub.docker.com', 'me']);
    const google = withKind(hub, 'google-gcr', kinds);
    expect([google.url, google.accessKey, google.keyIsFixed]).toEqual(['', '_json_key', true]);
    expect(withKind(google, 'harbor', kinds).accessKey).toBe('');
  });

  test('nobody is sent as nobody, also where the name is fixed', () => {
    expect(creationOf({ ...draftOf(undefined, 'harbor'), name: ' a ', url: ' https://a ' })).toMatchObject({ name: 'a', url: 'https://a', credential: undefined });
    expect(creationOf(withKind(draftOf(undefined, 'harbor'), 'google-gcr', kinds)).credential).toBeUndefined();
  });

  test('a secret that was not typed stays the one that is kept', () => {
    const draft = draftOf(registry, 'harbor');
    expect(draft.secret).toBeUndefined();
    expect(changeOf(draft, registry)).not.toHaveProperty('access_secret');
    expect(changeOf({ ...draft, secret: 'new' }, registry)).toMatchObject({ access_secret: 'new', credential_type: 'basic' });
    expect(changeOf({ ...draft, secret: '' }, registry)).toMatchObject({ access_secret: '' });
  });

  test('the connection is tested with what the form says and what is kept', () => {
    expect(pingOf({ ...draftOf(registry, 'harbor'), insecure: true }, registry)).toEqual({ id: 7, url: registry.url, insecure: true, ca_certificate: '', credential_type: 'basic' });
    expect(pingOf({ ...draftOf(undefined, 'harbor'), url: 'https://a', accessKey: 'me', secret: 's' }, undefined)).toMatchObject({ type: 'harbor', access_key: 'me', access_secret: 's' });
  });

  test('a URL with a password in it cannot be sent', () => {
    expect(hasPassword('https://me:secret@a.example.com/x')).toBe(true);
    expect(hasPassword('https://a.example.com/@scope')).toBe(false);
    expect(isComplete({ ...draftOf(undefined, 'harbor'), name: 'a', url: 'https://me:secret@a' })).toBe(false);
  });
});
