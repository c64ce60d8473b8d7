import { Group, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/ui/format';
import { Panel } from '@/ui/Panel';
import { SaveChanges, type Change } from '@/ui/SaveChanges';
import { StorageInput } from '@/ui/StorageInput';
import { ownSettings, type OwnSetting, type SettingsChange } from './api';

export interface ProjectSettings {
  isPublic: boolean;
  /** bytes; -1: none; undefined: the reader does not set it */
  limit: number | undefined;
  used: number;
  /** '': not set */
  own: Record<OwnSetting, string>;
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
  const [own, setOwn] = useState(before.own);
  const set = (key: OwnSetting) => (event: { currentTarget: { value: string } }) => setOwn({ ...own, [key]: event.currentTarget.value.trim() });
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
  const wordsOf = (key: OwnSetting, value: string) => {
    if (key === 'tag_expiry_pattern') return value || '**';
    if (value === '') return t(key === 'recovery_days' ? 'projectSettings.system' : 'projectSettings.never');
    return t('projectSettings.days', { count: Number(value) });
  };
  const names = { recovery_days: 'projectSettings.recovery', tag_expiry_days: 'projectSettings.expiry', tag_expiry_pattern: 'projectSettings.expiryPattern' } as const;
  for (const key of ownSettings) {
    if (own[key] === before.own[key]) continue;
    changes.push({ name: t(names[key]), before: wordsOf(key, before.own[key]), after: wordsOf(key, own[key]) });
    change.own = { ...change.own, [key]: own[key] };
  }
  const goodRecovery = isDays(own.recovery_days, 0, 365);
  const goodExpiry = isDays(own.tag_expiry_days, 1, 3650);
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
      <Panel title={t('projectSettings.recovery')} text={t('projectSettings.recoveryText')}>
        <TextInput
          label={t('projectSettings.recoveryDays')}
          inputMode="numeric"
          maw={200}
          value={own.recovery_days}
          onChange={set('recovery_days')}
          error={!goodRecovery && t('projectSettings.recoveryBad')}
        />
      </Panel>
      <Panel title={t('projectSettings.expiry')} text={t('projectSettings.expiryText')}>
        <Group align="flex-start">
          <TextInput
            label={t('projectSettings.expiryDays')}
            inputMode="numeric"
            maw={200}
            value={own.tag_expiry_days}
            onChange={set('tag_expiry_days')}
            error={!goodExpiry && t('projectSettings.expiryBad')}
          />
          <TextInput
            label={t('projectSettings.expiryPattern')}
            placeholder="**"
            spellCheck={false}
            value={own.tag_expiry_pattern}
            onChange={set('tag_expiry_pattern')}
            maxLength={1024}
          />
        </Group>
      </Panel>
      <SaveChanges
        changes={changes}
        ready={!Number.isNaN(limit) && goodRecovery && goodExpiry}
        warnings={[
          ...(change.own?.recovery_days === '0' ? [t('projectSettings.recoveryNone')] : []),
          ...(change.own?.tag_expiry_days ? [t('projectSettings.expiryWarning')] : []),
          ...(change.isPublic === true ? [t('projectSettings.publicWarning')] : []),
          ...(tooSmall && change.limit !== undefined ? [t('projectSettings.limitWarning', { used: format.bytes(before.used) })] : []),
        ]}
        onSave={() => onSave(change)}
        onDiscard={() => {
          setPublic(before.isPublic);
          setLimit(before.limit);
          setOwn(before.own);
        }}
        onReload={onReload}
      />
    </>
  );
}

/** Whether the server takes it as a number of days; nothing is not set. */
function isDays(text: string, least: number, most: number): boolean {
  return text === '' || (/^\d{1,4}$/.test(text) && Number(text) >= least && Number(text) <= most);
}
