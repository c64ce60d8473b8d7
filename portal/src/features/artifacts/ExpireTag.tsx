import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import type { Tag } from '@/api/types';
import { localMinute, parseTime } from '@/lib/time';
import { FormDialog } from '@/ui/FormDialog';
import { notify } from '@/ui/notify';
import { useExpireTag } from './api';

interface Props {
  place: Place;
  tag: Tag;
  onClose: () => void;
}

/** When a tag is removed by itself; nothing is never. */
export function ExpireTag({ place, tag, onClose }: Props) {
  const { t } = useTranslation();
  const expire = useExpireTag(place);
  const [opened] = useState(() => Date.now());
  const [text, setText] = useState(() => {
    const date = parseTime(tag.expire_time);
    return date ? localMinute(date) : '';
  });
  const at = new Date(text);
  const good = text === '' || at.getTime() > opened;
  return (
    <FormDialog
      title={t('artifacts.expiryTitle', { name: tag.name })}
      submit={t('common.save')}
      ready={good}
      onSubmit={async () => {
        await expire.mutateAsync({ tag: tag.name, at: text === '' ? null : at.toISOString() });
        notify.done(t('artifacts.expirySaved', { name: tag.name }));
      }}
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        type="datetime-local"
        label={t('artifacts.expiryAt')}
        description={t('artifacts.expiryText')}
        min={localMinute(new Date(opened))}
        value={text}
        error={!good && t('artifacts.expiryBad')}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
