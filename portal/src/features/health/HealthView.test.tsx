import { screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { ApiError } from '@/lib/problem';
import { renderPage } from '@/testing/render';
import { HealthView } from './HealthView';

const known = { error: null, dataUpdatedAt: Date.now(), refetch: () => undefined };
const rest = { volumes: { ...known, data: [{ total: 100, free: 10 }] }, info: undefined, statistics: undefined, activity: { data: undefined, error: null, refetch: () => undefined } };
const parts = [{ name: 'core', status: 'healthy' }, { name: 'storage', status: 'unhealthy', error: 'no space left' }];

describe('HealthView', () => {
  test('what is wrong stands first, with its reason, and is counted', async () => {
    await renderPage(<HealthView {...rest} health={{ ...known, data: { status: 'unhealthy', components: parts } }} />);
    const [first] = screen.getAllByRole('listitem');
    expect(within(first as HTMLElement).getByText('Storage')).toBeDefined();
    expect(within(first as HTMLElement).getByText('no space left')).toBeDefined();
    expect(screen.getByText(/1 component needs attention/)).toBeDefined();
  });

  test('a volume shows how much of it is used', async () => {
    await renderPage(<HealthView {...rest} health={{ ...known, data: { status: 'healthy', components: [] } }} />);
    expect(screen.getByRole('meter', { name: 'Volume 1' }).getAttribute('aria-valuenow')).toBe('90');
    expect(screen.getByText(/All components are healthy/)).toBeDefined();
  });

  test('a failed question is told apart from an ill server', async () => {
    const error = new ApiError({ status: 500, code: 'UNKNOWN', message: 'internal server error' });
    await renderPage(<HealthView {...rest} health={{ ...known, error, data: undefined }} />);
    expect(screen.getByRole('alert').textContent).toContain('internal server error');
  });
});
