import { Badge, Button, Group, Skeleton, Stack, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { ImmutableRule } from '@/api/types';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { AddIcon, DeleteIcon, EditIcon, ImmutableIcon } from '@/ui/icons';
import { Menu } from '@/ui/Menu';
import { Panel } from '@/ui/Panel';
import { RowMenu } from '@/ui/RowMenu';
import classes from './Policies.module.css';
import { draftOf, examples, repositoryHalves, tagHalves, type RuleDraft } from './rule';
import { Sentence } from './Sentence';

export type RuleAction = 'edit' | 'delete';

interface Props {
  rules: { data: Page<ImmutableRule> | undefined; error: unknown; refetch: () => unknown };
  owner: string | undefined;
  mayCreate: boolean;
  mayChange: boolean;
  mayDelete: boolean;
  onCreate: (example?: RuleDraft) => void;
  onAction: (action: RuleAction, rule: ImmutableRule) => void;
  onDisable: (rule: ImmutableRule, disabled: boolean) => void;
}

/** The rules that keep tags as they are, each a sentence. */
export function RulesView({ rules, owner, mayCreate, mayChange, mayDelete, onCreate, onAction, onDisable }: Props) {
  const { t } = useTranslation();
  const all = rules.data?.items;
  return (
    <Panel
      title={t('policies.immutability')}
      text={t('policies.immutabilityText')}
      flush
      actions={
        mayCreate &&
        all !== undefined &&
        all.length > 0 && (
          <Button leftSection={<AddIcon size={16} />} onClick={() => onCreate()}>
            {t('policies.create')}
          </Button>
        )
      }
    >
      {all === undefined && rules.error !== null && rules.error !== undefined && (
        <ErrorState error={rules.error} onRetry={() => void rules.refetch()} needs={t('role.maintainer')} owner={owner} />
      )}
      {all === undefined && !rules.error && (
        <Stack p={20} gap="md" aria-busy>
          <Skeleton height={16} width="70%" />
          <Skeleton height={16} width="58%" />
        </Stack>
      )}
      {all?.length === 0 && (
        <EmptyState icon={ImmutableIcon} title={t('policies.none')} text={t(mayCreate ? 'policies.noneText' : 'policies.noneReadOnly')}>
          {mayCreate && (
            <>
              <Group gap="xs" justify="center">
                {examples.map((example) => (
                  <Button key={example.name} variant="default" size="xs" onClick={() => onCreate(example.draft)}>
                    {t(`policies.example.${example.name}`)}
                  </Button>
                ))}
              </Group>
              <Button leftSection={<AddIcon size={16} />} onClick={() => onCreate()}>
                {t('policies.create')}
              </Button>
            </>
          )}
        </EmptyState>
      )}
      {all && all.length > 0 && (
        <ul className={classes.rules}>
          {all.map((rule) => (
            <li key={rule.id} className={classes.rule} data-off={rule.disabled || undefined}>
              {mayChange && (
                <Switch size="sm" checked={rule.disabled !== true} aria-label={t('policies.enabledOf', { id: rule.id })} onChange={(event) => onDisable(rule, !event.currentTarget.checked)} />
              )}
              <div className={classes.words}>
                <Sentence tags={tagHalves(rule)} repositories={repositoryHalves(rule)} />{' '}
                {rule.disabled && <Badge color="gray">{t('policies.disabled')}</Badge>}
              </div>
              {(mayChange || mayDelete) && (
                <RowMenu label={t('common.actionsFor', { name: t('policies.rule', { id: rule.id }) })}>
                  {mayChange && (
                    <Menu.Item leftSection={<EditIcon size={16} />} disabled={draftOf(rule) === undefined} onClick={() => onAction('edit', rule)}>
                      {draftOf(rule) === undefined ? t('policies.onlyByApi') : t('policies.edit')}
                    </Menu.Item>
                  )}
                  {mayDelete && (
                    <Menu.Item color="red" leftSection={<DeleteIcon size={16} />} onClick={() => onAction('delete', rule)}>
                      {t('policies.delete')}
                    </Menu.Item>
                  )}
                </RowMenu>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
