import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { renderPage } from '@/testing/render';
import { Menu } from './Menu';

async function open(onDelete = vi.fn()) {
  await renderPage(
    <Menu target={<button>Actions</button>}>
      <Menu.Item onClick={() => undefined}>Copy</Menu.Item>
      <Menu.Item disabled onClick={onDelete}>
        Retag
      </Menu.Item>
      <Menu.Item color="red" onClick={onDelete}>
        Delete
      </Menu.Item>
    </Menu>,
  );
  const button = screen.getByRole('button', { name: 'Actions' });
  fireEvent.click(button);
  return { button, items: screen.getAllByRole('menuitem'), menu: screen.getByRole('menu', { name: 'Actions' }) };
}

describe('Menu', () => {
  test('opens with the focus on its first action', async () => {
    const { button, items } = await open();
    expect(button.getAttribute('aria-expanded')).toBe('true');
    expect(document.activeElement).toBe(items[0]);
  });

  test('arrows go round, Home and End go to the ends, a letter to what begins with it', async () => {
    const { menu, items } = await open();
    const press = (key: string) => fireEvent.keyDown(document.activeElement ?? menu, { key });
    press('ArrowUp');
    expect(document.activeElement).toBe(items[2]);
    press('ArrowDown');
    expect(document.activeElement).toBe(items[0]);
    press('End');
    expect(document.activeElement).toBe(items[2]);
    press('Home');
    expect(document.activeElement).toBe(items[0]);
    press('d');
    expect(document.activeElement).toBe(items[2]);
  });

  test('Escape closes it and gives the focus back', async () => {
    const { button, items } = await open();
    fireEvent.keyDown(items[0] as HTMLElement, { key: 'Escape' });
    expect(screen.queryByRole('menu')).toBeNull();
    expect(document.activeElement).toBe(button);
  });

  test('an action is done once and closes it; a disabled one is neither done nor closes', async () => {
    const onDelete = vi.fn();
    const { items } = await open(onDelete);
    fireEvent.click(items[1] as HTMLElement);
    expect(onDelete).not.toHaveBeenCalled();
    fireEvent.click(items[2] as HTMLElement);
    expect(onDelete).toHaveBeenCalledOnce();
    expect(screen.queryByRole('menu')).toBeNull();
  });

  test('a press elsewhere closes it', async () => {
    await open();
    fireEvent.pointerDown(document.body);
    expect(screen.queryByRole('menu')).toBeNull();
  });
});
