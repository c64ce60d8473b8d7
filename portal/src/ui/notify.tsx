import { Button, Group } from '@mantine/core';
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
  /** What can be taken back: the message has a button for it, and stays a while longer. */
  undoable(message: string, undo: () => Promise<unknown>) {
    void load().then(({ notifications }) => {
      const id = `undo-${Date.now()}`;
      const run = () => {
        notifications.hide(id);
        undo().then(
          () => notify.done(i18next.t('undo.done')),
          (error: unknown) => notify.failed(i18next.t('undo.failed'), error),
        );
      };
      notifications.show({
        id,
        message: (
          <Group justify="space-between" wrap="nowrap" gap="sm">
            <span>{message}</span>
            <Button size="compact-sm" variant="light" onClick={run}>
              {i18next.t('undo.action')}
            </Button>
          </Group>
        ),
        color: 'green',
        icon: <SuccessIcon size={18} />,
        autoClose: 15_000,
        closeButtonProps: closeButtonProps(),
      });
    });
  },
  failed(title: string, error: unknown) {
    void load().then(({ notifications }) =>
      notifications.show({ title, message: refusalText(error), color: 'red', icon: <FailureIcon size={18} />, autoClose: false, closeButtonProps: closeButtonProps() }),
    );
  },
};
