import { Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/ui/format';
import { Panel } from '@/ui/Panel';
import { SaveChanges, type Change } from '@/ui/SaveChanges';
import { StorageInput } from '@/ui/StorageInput';
import type { SettingsChange } from './api';

export interface ProjectSettings {
  isPublic: boolean;
  /** bytes; -1: none; undefined: the reader does not set it */
  limit: number | undefined;
  used: number;
}

interface Props {
  settings: ProjectSettings;
  /** gets only what differs */
  onSave: (change: SettingsChange) => Promise<unknown>;
  onReload: () => void;
}

/** What can be set of a project; nothing happens before the difference was seen and saved. */
export function SettingsForm({ settings: before, onSave, onReload }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [isPublic, setPublic] = useState(before.isPublic);
  const [limit, setLimit] = useState(before.limit);
  const limitOf = (bytes: number | undefined) => (bytes === undefined || bytes === -1 ? t('projects.unlimited') : format.bytes(bytes));
  const visibilityOf = (open: boolean) => t(open ? 'visibility.public' : 'visibility.private');

  const changes: Change[] = [];
  const change: SettingsChange = {};
  if (isPublic !== before.isPublic) {
    changes.push({ name: t('projects.visibility'), before: visibilityOf(before.isPublic), after: visibilityOf(isPublic) });
    change.isPublic = isPublic;
  }
  if (!Object.is(limit, before.limit) && limit !== undefined) {
    changes.push({ name: t('projects.limit'), before: limitOf(before.limit), after: limitOf(limit) });
    change.limit = limit;
  }
  const tooSmall = limit !== undefined && limit !== -1 && limit < before.used;
  return (
    <>
      <Panel title={t('projects.visibility')}>
        <Switch
          label={t('projects.publicSwitch')}
          description={isPublic ? t('visibility.publicText') : t('visibility.privateText')}
          checked={isPublic}
          onChange={(event) => setPublic(event.currentTarget.checked)}
        />
      </Panel>
      {before.limit !== undefined && (
        <Panel title={t('projects.limit')} text={t('projectSettings.used', { used: format.bytes(before.used) })}>
          <StorageInput label={t('projectSettings.limit')} description={t('projects.limitText')} value={limit ?? -1} onChange={setLimit} />
        </Panel>
      )}
      <SaveChanges
        changes={changes}
        ready={!Number.isNaN(limit)}
        warnings={[
          ...(change.isPublic === true ? [t('projectSettings.publicWarning')] : []),
          ...(tooSmall && change.limit !== undefined ? [t('projectSettings.limitWarning', { used: format.bytes(before.used) })] : []),
        ]}
        onSave={() => onSave(change)}
        onDiscard={() => {
          setPublic(before.isPublic);
          setLimit(before.limit);
        }}
        onReload={onReload}
      />
    </>
  );
}
