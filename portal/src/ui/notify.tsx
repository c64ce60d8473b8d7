import i18next from 'i18next';
import { FailureIcon, SuccessIcon } from './icons';
import { refusalText } from './refusalText';

/** Told to the window before the first message, so that the place for messages is loaded and shown only then. */
export const messageAwaited = 'roadstead:message';

function load() {
  window.dispatchEvent(new Event(messageAwaited));
  return import('@mantine/notifications');
}

const closeButtonProps = () => ({ 'aria-label': i18next.t('common.close') });

/** Short words about what just happened; failures stay until they are closed. */
export const notify = {
  done(message: string) {
    void load().then(({ notifications }) =>
      notifications.show({ message, color: 'green', icon: <SuccessIcon size={18} />, autoClose: 4000, closeButtonProps: closeButtonProps() }),
    );
  },
  failed(title: string, error: unknown) {
    void load().then(({ notifications }) =>
      notifications.show({ title, message: refusalText(error), color: 'red', icon: <FailureIcon size={18} />, autoClose: false, closeButtonProps: closeButtonProps() }),
    );
  },
};
