import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { Found } from '@/api/types';
import { renderPage } from '@/testing/render';
import { SearchView } from './SearchView';

const digest = `sha256:${'ab12cd34'.repeat(8)}`;
const found: Found = {
  projects: [{ project_id: 1, name: 'app-store', public: true }],
  repositories: [{ project_id: 1, name: 'web/team/app', pull_count: 5, artifact_count: 2, update_time: '2026-01-01T00:00:00Z' }],
  tags: [{ project_id: 1, repository_name: 'web/team/app', name: 'app-v1', digest, push_time: '2026-01-01T00:00:00Z' }],
  artifacts: [{ project_id: 1, repository_name: 'web/team/app', digest, type: 'IMAGE', tags: ['v1'], push_time: '2026-01-01T00:00:00Z' }],
};
const nothing: Found = { projects: [], repositories: [], tags: [], artifacts: [] };
const common = { q: 'app', kind: undefined, limit: 50, onSearch: () => undefined };
const answer = (data: Found | undefined) => ({ data, error: null, isPlaceholderData: false, refetch: () => undefined });

describe('SearchView', () => {
  test('groups what was found, each leading to its page', async () => {
    await renderPage(<SearchView {...common} answer={answer(found)} />);
    expect(screen.getAllByRole('heading', { level: 2 }).map(({ textContent }) => textContent)).toEqual(['Projects 1', 'Repositories 1', 'Tags 1', 'Artifacts 1']);
    expect(screen.getAllByRole('link').map((link) => [link.textContent, link.getAttribute('href')])).toEqual([
      ['app-store', '/projects/app-store'],
      ['web/team/app', '/projects/web/repositories/team/app'],
      ['web/team/app:app-v1', '/projects/web/repositories/team/app/-/tags/app-v1'],
      ['web/team/app@sha256:ab12cd34ab12', expect.stringContaining('/projects/web/repositories/team/app/-/artifacts/sha256')],
    ]);
  });

  test('marks the match', async () => {
    await renderPage(<SearchView {...common} answer={answer(found)} />);
    const [project] = screen.getAllByRole('link');
    expect(project?.querySelector('mark')?.textContent).toBe('app');
  });

  test('without a question it explains what can be asked, each to try', async () => {
    const onSearch = vi.fn();
    await renderPage(<SearchView {...common} q="" onSearch={onSearch} answer={answer(undefined)} />);
    fireEvent.click(screen.getByRole('button', { name: 'tag:latest' }));
    expect(onSearch).toHaveBeenCalledWith({ q: 'tag:latest' });
  });

  test('nothing found says what to try', async () => {
    await renderPage(<SearchView {...common} answer={answer(nothing)} />);
    expect(screen.getByText('Nothing matches “app”')).toBeDefined();
  });

  test('one kind only, and the way back to all', async () => {
    const onSearch = vi.fn();
    await renderPage(<SearchView {...common} kind="tags" onSearch={onSearch} answer={answer({ ...found, tags: [] })} />);
    fireEvent.click(screen.getByRole('button', { name: 'Search all kinds' }));
    expect(onSearch).toHaveBeenCalledWith({ show: undefined });
  });
});
