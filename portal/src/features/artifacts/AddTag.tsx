import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import { isTag } from '@/lib/reference';
import { FormDialog } from '@/ui/FormDialog';
import { notify } from '@/ui/notify';
import { useAddTag } from './api';

interface Props {
  place: Place;
  digest: string;
  onClose: () => void;
}

export function AddTag({ place, digest, onClose }: Props) {
  const { t } = useTranslation();
  const add = useAddTag(place, digest);
  const [name, setName] = useState('');
  return (
    <FormDialog
      title={t('artifacts.addTag')}
      submit={t('common.add')}
      ready={isTag(name)}
      onSubmit={async () => {
        await add.mutateAsync(name);
        notify.done(t('artifacts.tagAdded', { name }));
      }}
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        label={t('artifacts.tagName')}
        description={t('artifacts.tagRule')}
        error={name !== '' && !isTag(name) && t('artifacts.tagBad')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
        maxLength={128}
      />
    </FormDialog>
  );
}
