/** What a panel knows of a query: data, or why there is none. */
export interface Answer<T> {
  data: T | undefined;
  error: unknown;
  isPlaceholderData?: boolean;
  refetch: () => unknown;
}
