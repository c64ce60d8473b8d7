import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { client } from '@/api/client';
import { keys } from '@/api/keys';
import { forgetVisits } from '@/lib/recent';
import { notify } from '@/ui/notify';
import { useTranslation } from 'react-i18next';

/** Ends the session, and forgets everything that the session was allowed to see. */
export function useSignOut() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    try {
      await client.send('/c/log_out');
    } catch (error) {
      notify.failed(t('session.signOutFailed'), error);
      return;
    }
    await navigate({ to: '/sign-in' });
    forgetVisits();
    queryClient.clear();
    queryClient.setQueryData(keys.currentUser, null);
  };
}
