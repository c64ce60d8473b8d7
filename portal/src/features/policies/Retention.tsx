import { Button, Group, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermissions } from '@/api/hooks';
import { keys } from '@/api/keys';
import { projectQuery } from '@/api/shared';
import type { RetentionPolicy, RetentionRule } from '@/api/types';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { notify } from '@/ui/notify';
import { useListState } from '@/ui/useListState';
import { cronOf, policyIdOf, retentionDraftOf, retentionRuleOf, wordsOf, type RetentionDraft } from './retention';
import { policyQuery, runsQuery, useRetentionChanges } from './retentionApi';
import { RetentionPreview } from './RetentionPreview';
import { RetentionRuns } from './RetentionRuns';
import { RetentionSchedule } from './RetentionSchedule';
import { RetentionSentence } from './RetentionSentence';
import { RetentionView } from './RetentionView';

const RetentionForm = lazy(() => import('./RetentionForm').then((m) => ({ default: m.RetentionForm })));
const RetentionRunDialog = lazy(() => import('./RetentionRunDialog').then((m) => ({ default: m.RetentionRunDialog })));

type Dialog = { action: 'create'; draft: RetentionDraft | undefined } | { action: 'edit' | 'delete'; place: number } | { action: 'run' };

/** Which artifacts stay, and what goes: rules, schedule, preview and runs. */
export function Retention({ project }: { project: string }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { search, page, set } = useListState();
  const known = useQuery(projectQuery(project)).data;
  const projectId = known?.project_id ?? 0;
  const id = policyIdOf(known?.metadata as Record<string, string> | undefined);
  const answer = useQuery({ ...policyQuery(id ?? 0), enabled: id !== undefined });
  const policy: RetentionPolicy | undefined = id === undefined ? undefined : answer.data;
  const runs = useQuery({ ...runsQuery(id ?? 0, page), enabled: id !== undefined });
  const permissions = usePermissions(project);
  const mayChange = permissions.may('update', 'tag-retention');
  const { save, start, stop } = useRetentionChanges(project, projectId);
  const [dialog, setDialog] = useState<Dialog>();
  const [listShown, setListShown] = useState(false);
  const close = () => setDialog(undefined);
  const rules = policy?.rules ?? [];
  const cron = cronOf(policy);

  async function put(changed: RetentionRule[], when = cron) {
    await save.mutateAsync({ policy, rules: changed, cron: when });
    notify.done(t('retention.saved'));
  }
  const replaced = (place: number, rule: RetentionRule) => rules.map((each, at) => (at === place ? rule : each));
  const withRule = (rule: RetentionRule) => (dialog?.action === 'edit' ? replaced(dialog.place, { ...rule, disabled: rules[dialog.place]?.disabled ?? false }) : [...rules, rule]);

  function begin(dryRun: boolean) {
    if (id === undefined) return Promise.resolve();
    return start.mutateAsync({ id, dryRun }).then((run) => {
      notify.done(t('retention.started', { id: run }));
      set({ page: undefined, entry: String(run) }, { replace: true });
    });
  }
  function reload() {
    close();
    if (id !== undefined) void queryClient.invalidateQueries({ queryKey: keys.retention.of(id) });
  }
  const edited = dialog?.action === 'edit' ? rules[dialog.place] : undefined;
  const doomed = dialog?.action === 'delete' ? rules[dialog.place] : undefined;
  return (
    <>
      <RetentionView
        policy={{ data: known === undefined ? undefined : id === undefined ? null : answer.data, error: id === undefined ? undefined : answer.error, refetch: answer.refetch }}
        owner={known?.owner_name}
        mayCreate={id === undefined ? permissions.may('create', 'tag-retention') : mayChange}
        mayChange={mayChange}
        mayDelete={permissions.may('delete', 'tag-retention')}
        isStarting={start.isPending}
        onCreate={(draft) => setDialog({ action: 'create', draft })}
        onEdit={(place) => setDialog({ action: 'edit', place })}
        onDelete={(place) => setDialog({ action: 'delete', place })}
        onDisable={(place, disabled) => {
          const rule = rules[place];
          if (rule) put(replaced(place, { ...rule, disabled })).catch((error: unknown) => notify.failed(t('policies.notSaved'), error));
        }}
        onRun={() => setDialog({ action: 'run' })}
        onDryRun={() => void begin(true).catch((error: unknown) => notify.failed(t('retention.notStarted'), error))}
      >
        <Stack gap="md" px={20} pb={20}>
          <RetentionSchedule key={cron} cron={cron} mayChange={mayChange} now={new Date()} onSave={(when) => put(rules, when)} />
          <Group>
            <Button size="xs" variant="default" aria-expanded={listShown} onClick={() => setListShown(!listShown)}>
              {t(listShown ? 'retention.hideList' : 'retention.showList')}
            </Button>
          </Group>
          {listShown && projectId > 0 && <RetentionPreview project={project} projectId={projectId} rules={rules} />}
        </Stack>
      </RetentionView>
      {id !== undefined && (
        <RetentionRuns
          runs={runs}
          page={page}
          owner={known?.owner_name}
          mayStop={mayChange}
          onPage={(next) => set({ page: next })}
          onOpen={(run) => set({ page: search.page, entry: String(run.id) }, { replace: true })}
          onStop={(run) =>
            stop.mutate(
              { id, run: run.id },
              { onSuccess: () => notify.done(t('retention.stopAsked', { id: run.id })), onError: (error) => notify.failed(t('retention.notStopped'), error) },
            )
          }
        />
      )}
      <Suspense>
        {(dialog?.action === 'create' || edited) && projectId > 0 && (
          <RetentionForm
            project={project}
            projectId={projectId}
            isNew={edited === undefined}
            draft={edited ? retentionDraftOf(edited) : dialog?.action === 'create' ? dialog.draft : undefined}
            withRule={withRule}
            onSubmit={(draft) => put(withRule(retentionRuleOf(draft)))}
            onReload={reload}
            onClose={close}
          />
        )}
        {id !== undefined && search.entry !== undefined && (
          <RetentionRunDialog policy={id} run={Number(search.entry)} onClose={() => set({ page: search.page, entry: undefined }, { replace: true })} />
        )}
      </Suspense>
      {dialog?.action === 'delete' && doomed && (
        <ConfirmDialog
          title={t('policies.delete')}
          text={
            <>
              <RetentionSentence {...wordsOf(doomed)} />
              <br />
              {t(rules.length === 1 ? 'retention.deleteLast' : 'retention.deleteConfirm')}
            </>
          }
          action={t('common.delete')}
          onConfirm={() => put(rules.filter((_, at) => at !== dialog.place))}
          onClose={close}
        />
      )}
      {dialog?.action === 'run' && (
        <ConfirmDialog
          title={t('retention.run')}
          text={
            <Stack gap="sm">
              {t('retention.runConfirm')}
              {projectId > 0 && <RetentionPreview project={project} projectId={projectId} rules={rules} quiet />}
            </Stack>
          }
          action={t('retention.run')}
          onConfirm={() => begin(false)}
          onClose={close}
        />
      )}
    </>
  );
}
