import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermissions } from '@/api/hooks';
import { keys } from '@/api/keys';
import { projectQuery } from '@/api/shared';
import type { ImmutableRule } from '@/api/types';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { notify } from '@/ui/notify';
import { rulesQuery, useRuleChanges } from './api';
import { draftOf, repositoryHalves, tagHalves, type RuleDraft } from './rule';
import { RulesView, type RuleAction } from './RulesView';
import { Sentence } from './Sentence';

const RuleForm = lazy(() => import('./RuleForm').then((m) => ({ default: m.RuleForm })));

type Dialog = { action: 'create'; draft: RuleDraft | undefined } | { action: RuleAction; rule: ImmutableRule };

/** The first kind of policy: tags that stay as they are. */
export function Immutability({ project }: { project: string }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const rules = useQuery(rulesQuery(project));
  const owner = useQuery(projectQuery(project)).data?.owner_name;
  const permissions = usePermissions(project);
  const { create, update, setDisabled, remove } = useRuleChanges(project);
  const [dialog, setDialog] = useState<Dialog>();
  const close = () => setDialog(undefined);
  const rule = dialog && 'rule' in dialog ? dialog.rule : undefined;

  async function save(draft: RuleDraft) {
    await (rule ? update.mutateAsync({ rule, draft }) : create.mutateAsync(draft));
    notify.done(t('policies.saved'));
  }
  return (
    <>
      <RulesView
        rules={rules}
        owner={owner}
        mayCreate={permissions.may('create', 'immutable-tag')}
        mayChange={permissions.may('update', 'immutable-tag')}
        mayDelete={permissions.may('delete', 'immutable-tag')}
        onCreate={(draft) => setDialog({ action: 'create', draft })}
        onAction={(action, of) => setDialog({ action, rule: of })}
        onDisable={(of, disabled) => setDisabled.mutate({ rule: of, disabled }, { onError: (error) => notify.failed(t('policies.notSaved'), error) })}
      />
      <Suspense>
        {dialog && dialog.action !== 'delete' && (
          <RuleForm
            project={project}
            isNew={rule === undefined}
            draft={rule ? draftOf(rule) : dialog.action === 'create' ? dialog.draft : undefined}
            onSubmit={save}
            onReload={() => {
              close();
              void queryClient.invalidateQueries({ queryKey: keys.immutableRules(project) });
            }}
            onClose={close}
          />
        )}
      </Suspense>
      {rule && dialog?.action === 'delete' && (
        <ConfirmDialog
          title={t('policies.delete')}
          text={
            <>
              <Sentence tags={tagHalves(rule)} repositories={repositoryHalves(rule)} />
              <br />
              {t('policies.deleteConfirm')}
            </>
          }
          action={t('common.delete')}
          onConfirm={async () => {
            await remove.mutateAsync(rule);
            notify.done(t('policies.deleted'));
          }}
          onClose={close}
        />
      )}
    </>
  );
}
