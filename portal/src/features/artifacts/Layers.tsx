import { SegmentedControl, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LayerRow } from '@/lib/layers';
import { Digest } from '@/ui/Digest';
import { useFormat } from '@/ui/format';
import { Panel } from '@/ui/Panel';
import { useListState } from '@/ui/useListState';
import { LayerBar } from './LayerBar';
import classes from './Artifact.module.css';

/** The layers, each with the command that made it and its share of the whole. */
export function Layers({ rows }: { rows: LayerRow[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { search, set } = useListState();
  const bySize = search.sort === 'size';
  const [whole, setWhole] = useState<ReadonlySet<LayerRow>>(new Set());
  const total = rows.reduce((sum, row) => sum + (row.layer?.size ?? 0), 0);
  const shown = bySize ? rows.filter((row) => row.layer).sort((a, b) => (b.layer?.size ?? 0) - (a.layer?.size ?? 0)) : rows;
  const count = rows.filter((row) => row.layer).length;
  if (rows.length === 0) {
    return (
      <Panel title={t('artifacts.layers')}>
        <Text size="sm" c="dimmed">
          {t('artifacts.noLayers')}
        </Text>
      </Panel>
    );
  }
  return (
    <Panel
      title={t('artifacts.layers')}
      text={t('artifacts.layerCount', { count, size: format.bytes(total) })}
      flush
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t('artifacts.order')}
          value={bySize ? 'size' : 'built'}
          onChange={(next) => set({ sort: next === 'size' ? 'size' : undefined })}
          data={[
            { value: 'built', label: t('artifacts.orderBuilt') },
            { value: 'size', label: t('artifacts.orderSize') },
          ]}
        />
      }
    >
      <LayerBar layers={rows.flatMap((row) => row.layer ?? [])} total={total} />
      <ol className={classes.layers}>
        {shown.map((row, index) => (
          <li key={row.layer ? `${row.layer.digest}${index}` : `${row.command}${index}`} className={classes.layer} data-empty={!row.layer || undefined}>
            <button
              type="button"
              className={classes.command}
              data-whole={whole.has(row) || undefined}
              aria-expanded={whole.has(row)}
              onClick={() => setWhole(toggled(whole, row))}
            >
              {row.command || row.layer?.mediaType || t('artifacts.unknownCommand')}
            </button>
            {row.layer ? (
              <>
                <span className={classes.bar} aria-hidden>
                  <span style={{ width: `${total > 0 ? Math.max((row.layer.size / total) * 100, 1.5) : 0}%` }} />
                </span>
                <span className={`${classes.size} tabular`}>{format.bytes(row.layer.size)}</span>
                <span className={classes.digest}>
                  <Digest digest={row.layer.digest} />
                </span>
              </>
            ) : (
              <Text span size="xs" c="dimmed" className={classes.none}>
                {t('artifacts.noLayer')}
              </Text>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function toggled<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
}
