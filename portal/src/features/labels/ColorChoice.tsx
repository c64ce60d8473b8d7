import { Stack, Text, TextInput } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { isColor, palette } from '@/lib/color';
import classes from './ColorChoice.module.css';

/** Colours that are seen in both themes, the system's own picker, and the number for those who know it. */
export function ColorChoice({ color, onChange }: { color: string; onChange: (color: string) => void }) {
  const { t } = useTranslation();
  const group = useId();
  const good = isColor(color);
  return (
    <Stack gap={8}>
      <Text size="sm" fw={600} id={group}>
        {t('labels.color')}
      </Text>
      <div className={classes.swatches} role="radiogroup" aria-labelledby={group}>
        {palette.map((each, index) => (
          <label key={each} className={classes.swatch} style={{ background: each }}>
            <input type="radio" name={group} aria-label={t(`labels.colors.${colorNames[index] ?? 'grey'}`)} checked={color.toLowerCase() === each} onChange={() => onChange(each)} />
          </label>
        ))}
      </div>
      <TextInput
        aria-label={t('labels.colorNumber')}
        w={160}
        className="mono"
        value={color}
        onChange={(event) => onChange(event.currentTarget.value.trim())}
        error={!good && t('labels.colorBad')}
        maxLength={7}
        spellCheck={false}
        leftSection={<input type="color" className={classes.picker} aria-label={t('labels.pick')} value={good ? color : '#000000'} onChange={(event) => onChange(event.currentTarget.value)} />}
      />
    </Stack>
  );
}

/** The palette's colours in words, in its order. */
const colorNames = ['red', 'orange', 'ochre', 'olive', 'green', 'teal', 'sea', 'blue', 'indigo', 'violet', 'pink', 'grey'] as const;
