import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import type { Repository } from '@/api/types';
import { FormDialog } from '@/ui/FormDialog';
import { useDescribeRepository } from './api';

interface Props {
  place: Place;
  repository: Repository;
  /** asks for the repository again, after somebody else has changed it */
  onReload: () => Promise<Repository | undefined>;
  onClose: () => void;
}

/** Plain text; its web addresses become links where it is shown. */
export function Describe({ place, repository, onReload, onClose }: Props) {
  const { t } = useTranslation();
  const describe = useDescribeRepository(place);
  const [edited, setEdited] = useState(repository);
  const [text, setText] = useState(repository.description ?? '');

  async function reload() {
    const found = await onReload();
    if (!found) return;
    setEdited(found);
    setText(found.description ?? '');
  }
  return (
    <FormDialog
      title={t('repositories.describe')}
      submit={t('common.save')}
      careful={text !== (edited.description ?? '')}
      ready={text.trim() !== (edited.description ?? '')}
      onReload={() => void reload()}
      onSubmit={() => describe.mutateAsync({ description: text.trim(), edition: edited.update_time })}
      onClose={onClose}
    >
      <Textarea
        data-autofocus
        label={t('repositories.description')}
        description={t('artifacts.descriptionText')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        rows={6}
        maxLength={4096}
      />
    </FormDialog>
  );
}
