import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { Registry, RegistryProvider } from '@/api/types';
import { ApiError } from '@/lib/problem';
import { renderPage } from '@/testing/render';
import { RegistriesView } from './RegistriesView';
import { RegistryForm } from './RegistryForm';

const registry: Registry = {
  id: 3,
  name: 'mirror',
  type: 'harbor',
  url: 'https://mirror.example.com',
  insecure: false,
  credential: {},
  status: 'unhealthy',
  status_reason: 'connection refused to 10.0.0.5:443: nothing listens there',
  status_since: '2026-11-01T00:00:00.000Z',
  creation_time: '2026-11-01T00:00:00.000Z',
  update_time: '2026-11-01T00:00:00.000Z',
};
const answer = (items: Registry[]) => ({ data: { items, total: items.length }, error: null, isPlaceholderData: false, refetch: () => undefined });
const nothing = () => undefined;

const kinds: Record<string, RegistryProvider> = {
  'docker-registry': {
    description: '',
    endpoint_pattern: { endpoint_type: 'EndpointPatternTypeStandard', endpoints: null },
    credential_pattern: { access_key_type: 'AccessKeyTypeStandard', access_secret_type: 'AccessSecretTypeStandard' },
  },
  'docker-hub': {
    description: '',
    endpoint_pattern: { endpoint_type: 'EndpointPatternTypeFix', endpoints: [{ key: 'hub', value: 'https://hub.docker.com' }] },
    credential_pattern: { access_key_type: 'AccessKeyTypeStandard', access_secret_type: 'AccessSecretTypeStandard' },
  },
};

describe('RegistriesView', () => {
  test('a registry that cannot be reached says why', async () => {
    await renderPage(<RegistriesView search={{}} onSearch={nothing} registries={answer([registry])} onAdd={nothing} onAction={nothing} />);
    expect(screen.getByText('Not reachable', { selector: 'span' })).toBeDefined();
    expect(screen.getByText(/nothing listens there/)).toBeDefined();
  });

  test('empty, it says what registries are for, and filtered, how to see all', async () => {
    await renderPage(<RegistriesView search={{ q: 'x' }} onSearch={nothing} registries={answer([])} onAdd={nothing} onAction={nothing} />);
    expect(screen.getByRole('button', { name: 'Clear filters' })).toBeDefined();
  });
});

describe('RegistryForm', () => {
  test('the connection is tested before, and the reason stands in the form until it is changed', async () => {
    const onTest = vi.fn(() => Promise.reject(new ApiError({ status: 400, code: 'BAD_REQUEST', message: 'the registry is unhealthy: connection refused' })));
    await renderPage(<RegistryForm kinds={kinds} onTest={onTest} onSubmit={() => Promise.resolve()} onReload={nothing} onClose={nothing} />);
    const url = await screen.findByLabelText(/^URL/);
    fireEvent.change(url, { target: { value: 'http://10.0.0.5' } });
    fireEvent.click(screen.getByRole('button', { name: 'Test connection' }));
    await screen.findByText(/connection refused/);
    expect(onTest).toHaveBeenCalledWith(expect.objectContaining({ url: 'http://10.0.0.5', type: 'docker-registry' }));
    fireEvent.change(url, { target: { value: 'http://10.0.0.6' } });
    await waitFor(() => expect(screen.queryByText(/connection refused/)).toBeNull());
  });

  test('a kind with one URL brings it', async () => {
    await renderPage(<RegistryForm kinds={kinds} onTest={() => Promise.resolve()} onSubmit={() => Promise.resolve()} onReload={nothing} onClose={nothing} />);
    fireEvent.change(await screen.findByLabelText('Kind'), { target: { value: 'docker-hub' } });
    expect(screen.getByLabelText<HTMLInputElement>(/^URL/).value).toBe('https://hub.docker.com');
  });

  test('a password in the URL is told before it is sent', async () => {
    await renderPage(<RegistryForm kinds={kinds} onTest={() => Promise.resolve()} onSubmit={() => Promise.resolve()} onReload={nothing} onClose={nothing} />);
    fireEvent.change(await screen.findByLabelText(/^Name/), { target: { value: 'a' } });
    fireEvent.change(screen.getByLabelText(/^URL/), { target: { value: 'https://me:secret@a.example.com' } });
    expect(screen.getByText(/would be shown/)).toBeDefined();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Add' }).disabled).toBe(true);
  });
});
