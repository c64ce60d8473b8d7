import { Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '@/ui/Panel';
import { SaveChanges } from '@/ui/SaveChanges';
import type { Configurations } from './api';
import { changed, groups, isGood, type Value, type Values } from './fields';
import { SettingField } from './SettingField';
import { ValueWords } from './ValueWords';

interface Props {
  settings: Configurations['settings'];
  /** gets only what differs */
  onSave: (values: Values) => Promise<unknown>;
  onReload: () => void;
}

export function SettingsForm({ settings, onSave, onReload }: Props) {
  const { t } = useTranslation();
  const before: Values = Object.fromEntries(Object.entries(settings).map(([key, { value }]) => [key, value]));
  const [edited, setEdited] = useState<Values>({});
  const after = { ...before, ...edited };
  const changes = changed(before, after);
  const set = (key: string, value: Value) => setEdited((previous) => ({ ...previous, [key]: value }));

  return (
    <Stack gap="lg" maw={760}>
      {groups.map((group) => {
        const fields = group.fields.filter(({ key }) => key in settings);
        return (
          fields.length > 0 && (
            <Panel key={group.name} title={t(`settings.groups.${group.name}`)} text={t(`settings.groupTexts.${group.name}`)}>
              <Stack gap="lg">
                {fields.map((field) => (
                  <SettingField key={field.key} field={field} value={after[field.key]} editable={settings[field.key]?.editable === true} onChange={(value) => set(field.key, value)} />
                ))}
              </Stack>
            </Panel>
          )
        );
      })}
      <SaveChanges
        changes={changes.map((field) => ({
          name: t(`settings.fields.${field.key}`),
          before: <ValueWords field={field} value={before[field.key]} />,
          after: <ValueWords field={field} value={after[field.key]} />,
        }))}
        ready={changes.every((field) => isGood(field, after[field.key]))}
        warnings={[
          ...(before.read_only === false && after.read_only === true ? [t('settings.readOnlyWarning')] : []),
          ...(after.robot_name_prefix !== before.robot_name_prefix ? [t('settings.prefixWarning')] : []),
        ]}
        onSave={() => onSave(Object.fromEntries(changes.map(({ key }) => [key, after[key] as Value])))}
        onDiscard={() => setEdited({})}
        onReload={onReload}
      />
    </Stack>
  );
}
