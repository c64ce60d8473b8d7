import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { client } from '@/api/client';
import { isAway } from '@/lib/problem';

export type Connection = 'fine' | 'offline' | 'lost';

const firstWait = 2_000;
const longestWait = 30_000;
/** so long after it was asked last it is asked again because something else was answered */
const soonest = 5_000;

/** Whether the server can be reached; while it cannot, asks again, and brings everything up to date when it can. */
export function useConnection(): { connection: Connection; tryNow: () => void } {
  const queryClient = useQueryClient();
  const online = useSyncExternalStore(watchOnline, () => navigator.onLine);
  const [lost, setLost] = useState(false);
  const attempt = useRef<() => void>(undefined);
  const asked = useRef(0);

  useEffect(() => {
    // An answer alone does not end it: what had failed has to be asked for again.
    const onAnswer = () => Date.now() - asked.current >= soonest && attempt.current?.();
    return watchAnswers(queryClient, () => setLost(true), onAnswer);
  }, [queryClient]);
  useEffect(() => {
    if (!lost || !online) return;
    let wait = firstWait;
    let timer = window.setTimeout(ask, wait);
    async function ask() {
      window.clearTimeout(timer);
      asked.current = Date.now();
      try {
        await client.text('/ping');
        setLost(false);
        await queryClient.invalidateQueries();
      } catch {
        wait = Math.min(wait * 1.5, longestWait);
        timer = window.setTimeout(() => void ask(), wait);
      }
    }
    attempt.current = () => void ask();
    return () => {
      window.clearTimeout(timer);
      attempt.current = undefined;
    };
  }, [lost, online, queryClient]);

  return { connection: online ? (lost ? 'lost' : 'fine') : 'offline', tryNow: () => attempt.current?.() };
}

function watchOnline(onChange: () => void) {
  window.addEventListener('online', onChange);
  window.addEventListener('offline', onChange);
  return () => {
    window.removeEventListener('online', onChange);
    window.removeEventListener('offline', onChange);
  };
}

function watchAnswers(queryClient: QueryClient, onAway: () => void, onAnswer: () => void) {
  return queryClient.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated') return;
    // "failed" comes with each attempt, before the retries have given up.
    if (event.action.type === 'failed' || event.action.type === 'error') {
      if (isAway(event.action.error)) onAway();
    } else if (event.action.type === 'success' && !event.action.manual) onAnswer();
  });
}
