import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CleanPresetIcon, CustomPresetIcon, PullPresetIcon, PushPresetIcon, ReadPresetIcon, ScanPresetIcon } from '@/ui/icons';
import { presets, type Preset } from './grants';
import classes from './Robots.module.css';

export type Choice = Preset | 'custom';

const icons = { push: PushPresetIcon, pull: PullPresetIcon, read: ReadPresetIcon, cleanup: CleanPresetIcon, scan: ScanPresetIcon };

/** What most robots are for, a card each. */
export function PresetCards({ choice, onChoose }: { choice: Choice | undefined; onChoose: (choice: Choice) => void }) {
  const { t } = useTranslation();
  const group = useId();
  return (
    <div className={classes.presets} role="radiogroup" aria-label={t('robots.can')}>
      {presets.map((preset) => {
        const Icon = icons[preset];
        return (
          <Card key={preset} group={group} value={preset} checked={choice === preset} onChoose={onChoose} name={t(`robots.preset.${preset}`)} text={t(`robots.presetText.${preset}`)} icon={<Icon size={16} />} />
        );
      })}
      <Card group={group} value="custom" checked={choice === 'custom'} onChoose={onChoose} name={t('robots.byHand')} text={t('robots.byHandText')} icon={<CustomPresetIcon size={16} />} />
    </div>
  );
}

interface CardProps {
  group: string;
  value: Choice;
  checked: boolean;
  onChoose: (choice: Choice) => void;
  name: string;
  text: string;
  icon: ReactNode;
}

function Card({ group, value, checked, onChoose, name, text, icon }: CardProps) {
  return (
    <label className={classes.preset}>
      <input type="radio" name={group} value={value} checked={checked} onChange={() => onChoose(value)} />
      <span className={classes.presetName}>
        {icon}
        {name}
      </span>
      <span className={classes.presetText}>{text}</span>
    </label>
  );
}
