import { Text, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from './FormDialog';

interface Props {
  title: string;
  /** what will be lost, and whether it can come back */
  text: ReactNode;
  action: string;
  /** must be typed first: for what cannot be undone and holds much */
  name?: string;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
}

export function ConfirmDialog({ title, text, action, name, onConfirm, onClose }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  return (
    <FormDialog
      title={title}
      submit={action}
      danger
      ready={name === undefined || typed.trim() === name}
      onSubmit={onConfirm}
      onClose={onClose}
    >
      <Text size="sm" component="div">
        {text}
      </Text>
      {name !== undefined && (
        <TextInput
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          label={t('confirm.typeName', { name })}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}
