import { lazy, Suspense, useEffect, useState } from 'react';
import { messageAwaited } from '@/ui/notify';

const Notifications = lazy(() => import('@mantine/notifications').then((m) => ({ default: m.Notifications })));

/** Where messages appear, from the first one on. */
export function Messages() {
  const [awaited, setAwaited] = useState(false);
  useEffect(() => {
    const onAwaited = () => setAwaited(true);
    window.addEventListener(messageAwaited, onAwaited);
    return () => window.removeEventListener(messageAwaited, onAwaited);
  }, []);
  return (
    <Suspense>
      {awaited && <Notifications position="bottom-right" limit={4} />}
    </Suspense>
  );
}
