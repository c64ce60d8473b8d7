import { screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { renderPage } from '@/testing/render';
import { MembersView } from './MembersView';

const member = { id: 7, project_id: 1, entity_id: 3, entity_name: 'jonas', entity_type: 'u' as const, role_id: 2, role_name: 'developer' };
const answer = { data: { items: [member], total: 1 }, error: null, isPlaceholderData: false, refetch: () => undefined };
const nothing = () => undefined;
const common = { search: {}, onSearch: nothing, members: answer, owner: 'admin', self: 'jonas', onAdd: nothing, onRole: nothing, onRemove: nothing };

describe('MembersView', () => {
  test('whoever may only look sees roles as words and no buttons', async () => {
    await renderPage(<MembersView {...common} mayAdd={false} mayChange={false} mayRemove={false} />);
    expect(screen.getByText('Developer')).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Add member' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Actions for jonas' })).toBeNull();
    expect(screen.queryByLabelText('Role of jonas')).toBeNull();
  });

  test('each permission brings its own control', async () => {
    await renderPage(<MembersView {...common} mayAdd mayChange mayRemove />);
    expect(screen.getByRole('button', { name: 'Add member' })).toBeDefined();
    expect(screen.getByRole('button', { name: 'Actions for jonas' })).toBeDefined();
    expect((screen.getByLabelText('Role of jonas', { selector: 'input' }) as HTMLInputElement).value).toBe('Developer');
  });
});
