import { cleanup, configure } from '@testing-library/react';
import { afterEach, beforeAll, vi } from 'vitest';
import { allAreas, loadTexts, startLanguage } from '@/i18n';

// What Mantine asks of a browser and the test's document does not have.
vi.stubGlobal('matchMedia', (query: string) => ({
  matches: false,
  media: query,
  onchange: null,
  addListener: () => undefined,
  removeListener: () => undefined,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  dispatchEvent: () => false,
}));
vi.stubGlobal(
  'ResizeObserver',
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);

// What is not there yet is waited for, also on a machine that is busy with other tests.
configure({ asyncUtilTimeout: 15_000 });

beforeAll(async () => {
  await startLanguage();
  await loadTexts(...allAreas());
});
afterEach(cleanup);
