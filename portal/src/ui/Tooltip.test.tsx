import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { renderPage } from '@/testing/render';
import { Tooltip } from './Tooltip';

describe('Tooltip', () => {
  beforeEach(async () => {
    await renderPage(
      <Tooltip label="What it does">
        <button>Do</button>
      </Tooltip>,
    );
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  const point = (pointerType: string) => {
    fireEvent.pointerOver(screen.getByRole('button'), { pointerType });
    act(() => void vi.advanceTimersByTime(1000));
  };

  test('comes a moment after pointing, and goes with Escape', () => {
    point('mouse');
    expect(screen.getByText('What it does')).toBeDefined();
    fireEvent.keyDown(window, { key: 'Escape' });
    expect(screen.queryByText('What it does')).toBeNull();
  });

  test('goes when the pointer leaves', () => {
    point('mouse');
    fireEvent.pointerOut(screen.getByRole('button'), { pointerType: 'mouse' });
    expect(screen.queryByText('What it does')).toBeNull();
  });

  test('does not stand in the way of a finger', () => {
    point('touch');
    expect(screen.queryByText('What it does')).toBeNull();
  });
});
