import i18next from 'i18next';
import { messageOf } from '@/lib/problem';
import { FailureIcon, SuccessIcon } from './icons';

/** Loaded with the first message: nobody needs it to see a page. */
const load = () => import('@mantine/notifications');

/** Short words about what just happened; failures stay until they are closed. */
export const notify = {
  done(message: string) {
    void load().then(({ notifications }) =>
      notifications.show({ message, color: 'green', icon: <SuccessIcon size={18} />, autoClose: 4000 }),
    );
  },
  failed(title: string, error: unknown) {
    void load().then(({ notifications }) =>
      notifications.show({ title, message: messageOf(error) || i18next.t('error.offline.text'), color: 'red', icon: <FailureIcon size={18} />, autoClose: false }),
    );
  },
};
