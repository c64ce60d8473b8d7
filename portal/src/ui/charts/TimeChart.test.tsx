import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { renderPage } from '@/testing/render';
import { ActivityCharts } from './ActivityCharts';

const days = [
  { day: '2026-11-19', pushes: 1, pulls: 10, stored: 1024 },
  { day: '2026-11-20', pushes: 2, pulls: 20, stored: 2048 },
  { day: '2026-11-21', pushes: 3, pulls: 30, stored: 4096 },
];

describe('ActivityCharts', () => {
  test('say the sum of what happened, and what is kept now', async () => {
    await renderPage(<ActivityCharts days={days} />);
    const traffic = within(screen.getByRole('figure', { name: 'Pulls and pushes' }));
    expect(traffic.getByText('60')).toBeDefined();
    expect(within(screen.getByRole('figure', { name: 'Storage' })).getAllByText('4 KiB').length).toBeGreaterThan(0);
  });

  test('are a table too, a row for each day', async () => {
    await renderPage(<ActivityCharts days={days} />);
    const table = within(screen.getByRole('figure', { name: 'Pulls and pushes' })).getByRole('table', { hidden: true });
    expect([...table.querySelectorAll('tbody tr')].map((row) => row.textContent)).toEqual(['2026-11-19101', '2026-11-20202', '2026-11-21303']);
  });

  test('answer to the arrow keys with the day’s values', async () => {
    await renderPage(<ActivityCharts days={days} />);
    const slider = screen.getByRole('slider', { name: /Pulls and pushes/ });
    fireEvent.keyDown(slider, { key: 'ArrowLeft' });
    expect(slider.getAttribute('aria-valuetext')).toBe('Nov 20: Pulls 20, Pushes 2');
    fireEvent.keyDown(slider, { key: 'Home' });
    expect(slider.getAttribute('aria-valuenow')).toBe('0');
  });

  test('without a day there is nothing to draw, and it is said', async () => {
    await renderPage(<ActivityCharts days={[]} />);
    expect(screen.getByText('No activity recorded yet.')).toBeDefined();
  });
});
