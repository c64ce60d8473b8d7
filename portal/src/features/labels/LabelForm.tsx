import { Alert, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Label } from '@/api/types';
import { isColor, isSeenInBothThemes, palette } from '@/lib/color';
import { FormDialog } from '@/ui/FormDialog';
import { LabelMark } from '@/ui/LabelMark';
import type { LabelDraft } from './api';
import { ColorChoice } from './ColorChoice';

interface Props {
  label?: Label | undefined;
  onSubmit: (draft: LabelDraft) => Promise<unknown>;
  onReload: () => void;
  onClose: () => void;
}

export function LabelForm({ label, onSubmit, onReload, onClose }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState(label?.name ?? '');
  const [description, setDescription] = useState(label?.description ?? '');
  const [color, setColor] = useState(label?.color || palette[7]);
  const good = isColor(color);
  return (
    <FormDialog
      title={label ? t('labels.editTitle', { name: label.name }) : t('labels.create')}
      submit={label ? t('common.save') : t('common.create')}
      ready={name.trim() !== '' && good}
      onReload={onReload}
      onSubmit={() => onSubmit({ name: name.trim(), description: description.trim(), color })}
      onClose={onClose}
    >
      <TextInput data-autofocus required label={t('labels.name')} value={name} onChange={(event) => setName(event.currentTarget.value)} maxLength={128} autoComplete="off" />
      <TextInput label={t('labels.description')} value={description} onChange={(event) => setDescription(event.currentTarget.value)} maxLength={1000} />
      <ColorChoice color={color} onChange={setColor} />
      {good && !isSeenInBothThemes(color) && <Alert color="amber">{t('labels.faint')}</Alert>}
      <div>
        <LabelMark name={name.trim() || t('labels.example')} color={good ? color : ''} />
      </div>
    </FormDialog>
  );
}
