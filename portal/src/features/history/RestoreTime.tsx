import { Loader, ScrollArea, Stack, Table, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import type { RepositoryRestore } from '@/api/types';
import { shortDigest } from '@/lib/reference';
import { localMinute } from '@/lib/time';
import { FormDialog } from '@/ui/FormDialog';
import { notify } from '@/ui/notify';
import { Refusal } from '@/ui/Refusal';
import { planQuery, useRestoreRepository } from './api';

const shown = 100;

/** Puts a repository's tags back to a time, after showing what that changes. */
export function RestoreTime({ place, onClose }: { place: Place; onClose: () => void }) {
  const { t } = useTranslation();
  const [opened] = useState(() => Date.now());
  const [text, setText] = useState(() => localMinute(new Date(opened - 24 * 3_600_000)));
  const at = new Date(text);
  const good = !Number.isNaN(at.getTime()) && at.getTime() <= opened;
  const plan = useQuery({ ...planQuery(place, good ? at.toISOString() : ''), enabled: good });
  const restore = useRestoreRepository(place);
  const changes = plan.data ? plan.data.moved + plan.data.created + plan.data.deleted : 0;
  return (
    <FormDialog
      title={t('history.timeTitle', { name: place.repository })}
      submit={t('history.restoreAction')}
      size="lg"
      ready={good && changes > 0}
      onSubmit={async () => {
        await restore.mutateAsync(at.toISOString());
        notify.done(t('history.timeRestored'));
      }}
      onClose={onClose}
    >
      <Stack gap="sm">
        <Text size="sm">{t('history.timeText')}</Text>
        <TextInput
          data-autofocus
          type="datetime-local"
          label={t('history.time')}
          value={text}
          max={localMinute(new Date(opened))}
          error={!good && t('history.timeBad')}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {good && plan.isPending && (
          <Text size="sm" c="dimmed" role="status">
            <Loader size={14} mr={8} />
            {t('history.planning')}
          </Text>
        )}
        {plan.error && <Refusal error={plan.error} />}
        {good && plan.data && <Plan plan={plan.data} />}
      </Stack>
    </FormDialog>
  );
}

function Plan({ plan }: { plan: RepositoryRestore }) {
  const { t } = useTranslation();
  const lines = [
    plan.moved > 0 && t('history.planMoved', { count: plan.moved }),
    plan.created > 0 && t('history.planCreated', { count: plan.created }),
    plan.deleted > 0 && t('history.planDeleted', { count: plan.deleted }),
    plan.revived > 0 && t('history.planRevived', { count: plan.revived }),
    plan.kept > 0 && t('history.planKept', { count: plan.kept }),
    plan.lost > 0 && t('history.planLost', { count: plan.lost }),
  ].filter((line) => line !== false);
  const listed = plan.changes.slice(0, shown);
  return (
    <Stack gap="xs" role="status">
      {lines.length === 0 && <Text size="sm">{t('history.planNothing')}</Text>}
      {lines.map((line) => (
        <Text key={line} size="sm">
          {line}
        </Text>
      ))}
      {listed.length > 0 && (
        <ScrollArea.Autosize mah={260} tabIndex={0} aria-label={t('history.changes')}>
          <Table aria-label={t('history.changes')} fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('history.tag')}</Table.Th>
                <Table.Th>{t('history.effect')}</Table.Th>
                <Table.Th>{t('history.from')}</Table.Th>
                <Table.Th>{t('history.to')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {listed.map((change) => (
                <Table.Tr key={change.tag}>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{change.tag}</Table.Td>
                  <Table.Td>{t(`history.effects.${change.effect}`)}</Table.Td>
                  <Table.Td className="mono">{change.from ? shortDigest(change.from) : t('history.nothing')}</Table.Td>
                  <Table.Td className="mono">{change.to ? shortDigest(change.to) : t('history.nothing')}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      )}
      {(!plan.complete || plan.changes.length > shown) && (
        <Text size="xs" c="dimmed">
          {t('history.planMore', { count: listed.length })}
        </Text>
      )}
    </Stack>
  );
}
