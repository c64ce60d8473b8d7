import { Button, Group, Modal, Stack } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Refusal } from './Refusal';

export interface FormDialogProps {
  title: string;
  submit: string;
  danger?: boolean;
  /** false: something is missing or wrong, which the fields say */
  ready?: boolean;
  /** the box's width, for forms that need more than a column */
  size?: string;
  /** holds work that a stray click must not throw away */
  careful?: boolean;
  /** brings the new state when somebody else has changed the thing meanwhile */
  onReload?: () => void;
  onSubmit: () => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
}

export function FormDialogBox({ title, submit, danger = false, ready = true, size = 'md', careful = false, onReload, onSubmit, onClose, children }: FormDialogProps) {
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
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={size}
      closeOnClickOutside={!careful}
      closeOnEscape={!careful}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={(event) => void send(event)} noValidate>
        <Stack gap="md">
          {children}
          {error !== undefined && <Refusal error={error} onReload={onReload} />}
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
