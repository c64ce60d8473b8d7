import { describe, expect, test } from 'vitest';
import { clients, clientsFor, loginCommand, pullCommand, pushCommands } from './pull-command';

const digest = `sha256:${'a1'.repeat(32)}`;
const target = { host: 'registry.example.com', repository: 'library/team/app', reference: 'v1.2' };

describe('pullCommand', () => {
  test.each([
    ['docker', 'docker pull registry.example.com/library/team/app:v1.2'],
    ['podman', 'podman pull registry.example.com/library/team/app:v1.2'],
    ['nerdctl', 'nerdctl pull registry.example.com/library/team/app:v1.2'],
    ['crane', 'crane pull registry.example.com/library/team/app:v1.2 app.tar'],
    ['oras', 'oras pull registry.example.com/library/team/app:v1.2'],
    ['helm', 'helm pull oci://registry.example.com/library/team/app --version v1.2'],
  ] as const)('%s pulls by tag', (client, command) => {
    expect(pullCommand(client, target)).toBe(command);
  });

  test.each(clients)('%s pulls by digest with @', (client) => {
    expect(pullCommand(client, { ...target, reference: digest })).toContain(`library/team/app@${digest}`);
  });
});

test('a user name that a shell would read otherwise is quoted', () => {
  expect(loginCommand('docker', 'localhost:8080', 'robot$ci')).toBe("docker login localhost:8080 -u 'robot$ci'");
  expect(loginCommand('crane', 'localhost:8080', "o'neil")).toBe(`crane auth login localhost:8080 -u 'o'\\''neil'`);
  expect(loginCommand('helm', 'localhost:8080', 'mei.lin')).toBe('helm registry login localhost:8080 -u mei.lin');
});

test.each(clients)('%s pushes into the project', (client) => {
  expect(pushCommands(client, 'localhost:8080', 'payments').join('\n')).toContain('localhost:8080/payments');
});

test('a push into a repository names it, helm by the chart', () => {
  expect(pushCommands('docker', 'localhost:8080', 'payments', 'team/api').at(-1)).toBe('docker push localhost:8080/payments/team/api:v1');
  expect(pushCommands('helm', 'localhost:8080', 'payments', 'charts/api').at(-1)).toBe('helm push api-0.1.0.tgz oci://localhost:8080/payments/charts');
});

test('each kind is offered the clients that can pull it', () => {
  expect(clientsFor('IMAGE')).toEqual(['docker', 'podman', 'nerdctl', 'crane', 'oras']);
  expect(clientsFor('CHART')[0]).toBe('helm');
  expect(clientsFor('CNAI')).toEqual(['oras', 'crane']);
  expect(clientsFor('SOMETHING')).not.toContain('docker');
});
