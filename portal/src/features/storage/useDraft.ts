import { useState } from 'react';
import { useUnsaved } from '@/ui/useUnsaved';

/** A form's values until they are saved, what it is doing, and why that was refused. */
export function useDraft<T extends object>(saved: T) {
  const [draft, setDraft] = useState(saved);
  const [busy, setBusy] = useState<string>();
  const [error, setError] = useState<unknown>();
  const changed = JSON.stringify(draft) !== JSON.stringify(saved);
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
