import { describe, expect, test } from 'vitest';
import { exportAddress, filterOf } from './api';

describe('filterOf', () => {
  test.each([
    ['no filter', {}, undefined],
    ['who, a part of the name', { who: 'mei' }, 'username=~mei'],
    ['what', { action: 'delete', kind: 'tag', q: 'app' }, 'operation=delete,resource_type=tag,resource=~app'],
    ['refused only', { result: 'refused' }, 'operation_result=false'],
    ['done only', { result: 'done' }, 'operation_result=true'],
    ['a day is meant whole', { from: '2026-11-01', to: '2026-11-02' }, 'op_time=[2026-11-01T00:00:00~2026-11-02T23:59:59]'],
    ['an open end', { from: '2026-11-01' }, 'op_time=[2026-11-01T00:00:00~9999-12-31T23:59:59]'],
    ['a date that is none', { to: 'soon' }, 'op_time=[1970-01-01T00:00:00~9999-12-31T23:59:59]'],
  ])('%s', (_name, search, want) => expect(filterOf(search)).toBe(want));
});

describe('exportAddress', () => {
  test('respects the filters, and forgets the page', () => {
    expect(exportAddress(undefined, { who: 'mei', page: 3 }, 'csv')).toBe('/api/v2.0/auditlog-exts/export?format=csv&q=username%3D%7Emei');
  });
  test('stays inside the project', () => {
    expect(exportAddress('web', {}, 'jsonl')).toBe('/api/v2.0/projects/web/auditlog-exts/export?format=jsonl');
  });
});
