import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { compareLayers, sizeOf } from '@/lib/compare';
import type { LayerRow } from '@/lib/layers';
import { isDigest, shortDigest } from '@/lib/reference';
import { Digest } from '@/ui/Digest';
import { useFormat } from '@/ui/format';
import { Panel } from '@/ui/Panel';
import { Size } from '@/ui/Size';
import classes from './Compare.module.css';

interface Props {
  from: readonly LayerRow[];
  to: readonly LayerRow[];
  names: { from: string; to: string };
}

/** Layers that a machine with the one has already, and those that it would still fetch for the other. */
export function LayerDifferences({ from, to, names }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { shared, onlyFrom, onlyTo } = compareLayers(from, to);
  const short = (name: string) => (isDigest(name) ? shortDigest(name) : name);
  const all = [...shared, ...onlyFrom, ...onlyTo];
  return (
    <Panel
      title={t('artifacts.layers')}
      text={t('compare.layersText', { shared: format.bytes(sizeOf(shared)), fetched: format.bytes(sizeOf(onlyTo)), to: short(names.to) })}
      flush={all.length > 0}
    >
      {all.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('artifacts.noLayers')}
        </Text>
      ) : (
        <Stack gap={0}>
          <Group title={t('compare.only', { name: short(names.from) })} rows={onlyFrom} />
          <Group title={t('compare.only', { name: short(names.to) })} rows={onlyTo} />
          <Group title={t('compare.shared')} rows={shared} />
        </Stack>
      )}
    </Panel>
  );
}

function Group({ title, rows }: { title: string; rows: readonly LayerRow[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (rows.length === 0) return null;
  return (
    <section aria-label={title}>
      <div className={classes.head}>
        <span>{title}</span>
        <span className="tabular">{t('artifacts.layerCount', { count: rows.length, size: format.bytes(sizeOf(rows)) })}</span>
      </div>
      <ul className={classes.layers}>
        {rows.map((row, index) => (
          <li key={`${row.layer?.digest ?? ''}${index}`}>
            <span className={classes.command}>{row.command || row.layer?.mediaType || t('artifacts.unknownCommand')}</span>
            <Size bytes={row.layer?.size} />
            {row.layer && (
              <span className={classes.digest}>
                <Digest digest={row.layer.digest} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
