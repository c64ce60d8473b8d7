import { useQuery } from '@tanstack/react-query';
import { useListState } from '@/ui/useListState';
import { documentQuery } from './api';
import { ApiDocsView } from './ApiDocsView';

export function ApiDocsPage() {
  const { search, set } = useListState();
  const document = useQuery(documentQuery);
  return <ApiDocsView search={search} onSearch={set} document={document} />;
}
