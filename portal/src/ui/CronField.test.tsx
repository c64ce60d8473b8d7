import { fireEvent, screen } from '@testing-library/react';
import { useState } from 'react';
import { describe, expect, test, vi } from 'vitest';
import { renderPage } from '@/testing/render';
import { CronField, isGoodCron, type CronValue } from './CronField';

const now = new Date('2026-11-21T12:00:00Z');

function Form({ first, onChange }: { first: CronValue; onChange: (value: CronValue) => void }) {
  const [value, setValue] = useState(first);
  return (
    <CronField
      label="When"
      none="Not by itself"
      now={now}
      value={value}
      onChange={(next) => {
        setValue(next);
        onChange(next);
      }}
    />
  );
}

describe('CronField', () => {
  test('says a schedule in words, with the next time', async () => {
    await renderPage(<Form first={{ type: 'Weekly', cron: '0 0 0 * * 0' }} onChange={() => undefined} />);
    expect(screen.getByRole('status').textContent).toContain('Every Sunday at 00:00 UTC.');
    expect(screen.getByRole('status').textContent).toContain('Next:');
    expect(screen.queryByLabelText('Six fields')).toBeNull();
  });

  test('names the field that is wrong', async () => {
    const onChange = vi.fn();
    await renderPage(<Form first={{ type: 'Daily', cron: '0 0 0 * * *' }} onChange={onChange} />);
    fireEvent.change(screen.getByLabelText('When'), { target: { value: 'Custom' } });
    const field = screen.getByLabelText('Six fields');
    fireEvent.change(field, { target: { value: '0 0 25 * * *' } });
    expect(screen.getByText(/The hours are wrong/)).toBeDefined();
    fireEvent.change(field, { target: { value: '0 0 * * *' } });
    expect(screen.getByText(/there are 5/)).toBeDefined();
    fireEvent.change(field, { target: { value: '0 15 9 * * 1-5' } });
    expect(screen.getByRole('status').textContent).toContain('Monday, Tuesday, Wednesday, Thursday, and Friday at 09:15 UTC');
    expect(onChange).toHaveBeenLastCalledWith({ type: 'Custom', cron: '0 15 9 * * 1-5' });
  });

  test('nothing is a good schedule, and a bad one is not', async () => {
    await renderPage(<Form first={{ type: 'None', cron: '' }} onChange={() => undefined} />);
    expect(screen.queryByRole('status')).toBeNull();
    expect(isGoodCron({ type: 'None', cron: '' })).toBe(true);
    expect(isGoodCron({ type: 'Custom', cron: 'bad' })).toBe(false);
  });
});
