import { useState } from 'react';
import { useUnsaved } from '@/ui/useUnsaved';
import type { Planned } from './api';

/** A plan until it is saved, what its form is doing, and why that was refused. */
export function useDraft<T extends Planned<object>>(saved: T) {
  const [draft, setDraft] = useState(saved);
  const [busy, setBusy] = useState<string>();
  const [error, setError] = useState<unknown>();
  // Without a schedule, before or now, the values are for one run and nothing is there to be saved.
  const planned = draft.when.type !== 'None' || saved.when.type !== 'None';
  const changed = planned && JSON.stringify(draft) !== JSON.stringify(saved);
  useUnsaved(changed);

  async function during(what: string, run: () => Promise<unknown>) {
    setBusy(what);
    setError(undefined);
    try {
      await run();
    } catch (refusal) {
      setError(refusal);
    }
    setBusy(undefined);
  }
  return { draft, set: (change: Partial<T>) => setDraft({ ...draft, ...change }), changed, busy, error, during };
}
