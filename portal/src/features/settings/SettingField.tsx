import { Checkbox, NativeSelect, NumberInput, Stack, Switch, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { StorageInput } from '@/ui/StorageInput';
import { BannerField } from './BannerField';
import { isGood, type Field, type FieldKey, type Value } from './fields';

interface Props {
  field: Field & { key: FieldKey };
  value: Value | undefined;
  /** false: given by the server's configuration */
  editable: boolean;
  onChange: (value: Value) => void;
}

const narrow = { wrapper: { maxWidth: 320 } };

/** One setting's control, chosen by its kind. */
export function SettingField({ field, value, editable, onChange }: Props) {
  const { t } = useTranslation();
  const label = t(`settings.fields.${field.key}`);
  const text = t(`settings.texts.${field.key}`);
  const description = editable ? text : `${text} ${t('settings.fixed')}`;
  const disabled = !editable;
  const bad = editable && !isGood(field, value);
  switch (field.kind) {
    case 'switch':
      return <Switch label={label} description={description} disabled={disabled} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
    case 'choice':
      return (
        <NativeSelect
          label={label}
          description={description}
          disabled={disabled}
          styles={narrow}
          data={field.choices.map((choice) => ({ value: choice, label: t(`settings.choices.${choice as 'everyone' | 'adminonly'}`) }))}
          value={String(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'number': {
      const forever = field.forever === true;
      return (
        <Stack gap={8}>
          <NumberInput
            label={label}
            description={description}
            disabled={disabled || (forever && value === -1)}
            styles={narrow}
            suffix={` ${t(`settings.units.${field.unit}`)}`}
            value={typeof value === 'number' && value >= 0 ? value : ''}
            onChange={(next) => onChange(typeof next === 'number' ? next : Number.NaN)}
            error={bad && t('settings.between', { low: field.low, high: field.high })}
            min={0}
            max={field.high * 10}
            allowDecimal={false}
            allowNegative={false}
            hideControls
          />
          {forever && (
            <Checkbox label={t('settings.forever')} disabled={disabled} checked={value === -1} onChange={(event) => onChange(event.currentTarget.checked ? -1 : field.low * 30)} />
          )}
        </Stack>
      );
    }
    case 'storage':
      return <StorageInput label={label} description={description} disabled={disabled} value={Number(value)} onChange={onChange} />;
    case 'text':
      return (
        <TextInput
          label={label}
          description={description}
          disabled={disabled}
          styles={{ ...narrow, input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          value={String(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
          error={bad && t('settings.badText')}
          maxLength={field.longest}
          spellCheck={false}
        />
      );
    case 'banner':
      return <BannerField label={label} description={description} disabled={disabled} value={String(value)} onChange={onChange} />;
  }
}
