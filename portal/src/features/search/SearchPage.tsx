import { useQuery } from '@tanstack/react-query';
import { longestSearch, searchQuery } from '@/api/search';
import { useListState } from '@/ui/useListState';
import { SearchView } from './SearchView';

const limit = 50;

export function SearchPage() {
  const { search, set } = useListState();
  const q = (search.q ?? '').slice(0, longestSearch);
  const answer = useQuery(searchQuery(q, limit));
  return <SearchView q={q} kind={search.show} limit={limit} answer={answer} onSearch={set} />;
}
