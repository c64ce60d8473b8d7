import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Search } from '@/lib/search';

/** A list's page, filters and order, which live in the address, so that a link shows the same view. */
export function useListState() {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();

  /** Changes parts of the address; another filter starts on the first page again. */
  function set(change: Search, options: { replace?: boolean } = {}) {
    void navigate({
      to: '.',
      replace: options.replace ?? false,
      resetScroll: false,
      search: (previous: Search) => ({ ...previous, page: undefined, ...change }),
    });
  }
  return { search, page: search.page ?? 1, set };
}
