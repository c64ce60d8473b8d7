import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '@/lib/problem';
import { WarningIcon } from './icons';

interface Props {
  title: string;
  submit: string;
  danger?: boolean;
  /** false: something is missing or wrong, which the fields say */
  ready?: boolean;
  onSubmit: () => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog that changes something: stays open, with the server's words, when that is refused. */
export function FormDialog({ title, submit, danger = false, ready = true, onSubmit, onClose, children }: Props) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  async function send(event: FormEvent) {
    event.preventDefault();
    if (busy || !ready) return;
    setBusy(true);
    setError(undefined);
    try {
      await onSubmit();
      onClose();
    } catch (refusal) {
      setError(refusal);
      setBusy(false);
    }
  }
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form onSubmit={(event) => void send(event)} noValidate>
        <Stack gap="md">
          {children}
          {error !== undefined && (
            <Alert color="red" variant="light" icon={<WarningIcon size={18} />} role="alert">
              {messageOf(error) || t('error.offline.text')}
            </Alert>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={!ready} {...(danger ? { color: 'red' } : {})}>
              {submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
