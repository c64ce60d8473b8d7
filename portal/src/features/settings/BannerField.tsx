import { Alert, Checkbox, Group, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { readBanner, tones, writeBanner, type BannerDraft, type Tone } from './banner';

interface Props {
  label: string;
  description: string;
  disabled: boolean;
  /** as Harbor keeps it */
  value: string;
  onChange: (value: string) => void;
}

const colors = { info: 'harbour', success: 'green', warning: 'amber', danger: 'red' } as const satisfies Record<Tone, string>;

/** The message to everybody, with how it will look. */
export function BannerField({ label, description, disabled, value, onChange }: Props) {
  const { t } = useTranslation();
  const banner = readBanner(value);
  const set = (change: Partial<BannerDraft>) => onChange(writeBanner({ ...banner, ...change }));
  return (
    <Stack gap="sm">
      <Textarea label={label} description={description} disabled={disabled} autosize minRows={2} maxLength={2000} value={banner.message} onChange={(event) => set({ message: event.currentTarget.value })} />
      {banner.message !== '' && (
        <>
          <Group gap="sm" align="flex-end">
            <NativeSelect
              label={t('settings.tone')}
              w={150}
              disabled={disabled}
              data={tones.map((tone) => ({ value: tone, label: t(`settings.tones.${tone}`) }))}
              value={banner.type}
              onChange={(event) => set({ type: event.currentTarget.value as Tone })}
            />
            <TextInput type="date" label={t('settings.from')} disabled={disabled} value={banner.fromDate} onChange={(event) => set({ fromDate: event.currentTarget.value })} />
            <TextInput type="date" label={t('settings.to')} disabled={disabled} value={banner.toDate} min={banner.fromDate} onChange={(event) => set({ toDate: event.currentTarget.value })} />
          </Group>
          <Checkbox label={t('settings.closable')} disabled={disabled} checked={banner.closable} onChange={(event) => set({ closable: event.currentTarget.checked })} />
          <Alert color={colors[banner.type]} p="sm" title={t('settings.looks')}>
            {banner.message}
          </Alert>
        </>
      )}
    </Stack>
  );
}
