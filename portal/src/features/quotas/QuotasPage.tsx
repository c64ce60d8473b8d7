import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useListState } from '@/ui/useListState';
import { quotasQuery, type QuotaRow } from './api';
import { EditLimit } from './EditLimit';
import { QuotasView } from './QuotasView';

export function QuotasPage() {
  const { search, set } = useListState();
  const quotas = useQuery(quotasQuery(search));
  const [edited, setEdited] = useState<QuotaRow>();
  return (
    <QuotasView
      search={search}
      onSearch={set}
      quotas={quotas}
      onEdit={setEdited}
      editor={(row) => row.projectId === edited?.projectId && <EditLimit row={row} onClose={() => setEdited(undefined)} />}
    />
  );
}
