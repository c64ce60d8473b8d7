import { describe, expect, test } from 'vitest';
import { clients } from '@/lib/pull-command';
import { dockerConfig, githubActions, gitlabCi, jenkins, kubectl, kubernetesSecret, loginWithSecret, secretName } from './snippets';

const credentials = { host: 'registry.example.com:8443', name: 'robot$library+ci', secret: 'Abc123xyz', project: 'library' };

describe('logging in', () => {
  test.each(clients)('%s takes the secret by standard input and the name as it is', (client) => {
    const line = loginWithSecret(client, credentials);
    expect(line).toMatch(/^printf %s Abc123xyz \| /);
    expect(line).toContain(` -u 'robot$library+ci' --password-stdin`);
    expect(line).toContain(credentials.host);
  });
});

describe('Kubernetes', () => {
  test.each([
    ['robot$library+ci', 'library-ci-registry'],
    ['robot$Build_Box.2', 'build-box-2-registry'],
    ['robot$---', 'registry-registry'],
    [`robot$${'x'.repeat(90)}`, `${'x'.repeat(50)}-registry`],
  ])('%s gives the secret name %s', (name, expected) => {
    expect(secretName(name)).toBe(expected);
    expect(expected).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
  });

  test('the command quotes what a shell would read', () => {
    expect(kubectl(credentials)).toContain(`--docker-username='robot$library+ci'`);
  });

  test('the YAML holds the same configuration as docker', () => {
    const data = /dockerconfigjson: (\S+)\n---/.exec(kubernetesSecret(credentials))?.[1] ?? '';
    expect(JSON.parse(atob(data))).toEqual(JSON.parse(dockerConfig(credentials)));
  });

  test('the configuration carries name and secret together', () => {
    const { auths } = JSON.parse(dockerConfig(credentials)) as { auths: Record<string, { auth: string }> };
    expect(atob(auths[credentials.host]?.auth ?? '')).toBe('robot$library+ci:Abc123xyz');
  });
});

describe('pipelines', () => {
  test.each([
    ['GitHub Actions', githubActions],
    ['GitLab CI', gitlabCi],
    ['Jenkins', jenkins],
  ])('%s names the host and the robot, and never writes the secret into the file', (_, snippet) => {
    const text = snippet(credentials);
    expect(text).toContain(credentials.host);
    expect(text).toContain('robot$library+ci');
    expect(text).not.toContain(credentials.secret);
  });
});
