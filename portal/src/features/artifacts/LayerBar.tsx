import { useTranslation } from 'react-i18next';
import type { BlobDescriptor } from '@/lib/layers';
import { useFormat } from '@/ui/format';
import classes from './Artifact.module.css';

/** All layers in one bar, each as wide as its share. The list below it says the same in words. */
export function LayerBar({ layers, total }: { layers: readonly BlobDescriptor[]; total: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const largest = Math.max(0, ...layers.map((layer) => layer.size));
  if (layers.length < 2 || total === 0) return null;
  return (
    <div className={classes.layerBar} role="img" aria-label={t('artifacts.layerBar', { share: format.percent(largest / total), size: format.bytes(largest) })}>
      {layers.map((layer, index) => (
        <span key={index} style={{ flexGrow: layer.size }} title={`${index + 1}: ${format.bytes(layer.size)}`} />
      ))}
    </div>
  );
}
