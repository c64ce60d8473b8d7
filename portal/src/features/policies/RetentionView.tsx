import { Badge, Button, Group, Skeleton, Stack, Switch, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RetentionPolicy, RetentionRule } from '@/api/types';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { AddIcon, DeleteIcon, EditIcon, PurgeIcon, RunIcon, SearchIcon } from '@/ui/icons';
import { Menu } from '@/ui/Menu';
import { Panel } from '@/ui/Panel';
import { RowMenu } from '@/ui/RowMenu';
import classes from './Policies.module.css';
import { mostRules, retentionDraftOf, retentionExamples, wordsOf, type RetentionDraft } from './retention';
import { RetentionSentence } from './RetentionSentence';

interface Props {
  /** undefined data without an error: not known yet; null: the project has no policy */
  policy: { data: RetentionPolicy | null | undefined; error: unknown; refetch: () => unknown };
  owner: string | undefined;
  mayCreate: boolean;
  mayChange: boolean;
  mayDelete: boolean;
  onCreate: (example?: RetentionDraft) => void;
  onEdit: (place: number) => void;
  onDelete: (place: number) => void;
  onDisable: (place: number, disabled: boolean) => void;
  onRun: () => void;
  onDryRun: () => void;
  isStarting: boolean;
  /** the schedule and what the policy would delete, below the rules */
  children?: React.ReactNode;
}

/** Which artifacts stay: each rule a sentence. */
export function RetentionView(props: Props) {
  const { t } = useTranslation();
  const { policy, owner, mayCreate, mayChange, isStarting } = props;
  const rules = policy.data === null ? [] : policy.data?.rules;
  const some = rules !== undefined && rules.length > 0;
  const mayAdd = some ? mayChange : mayCreate;
  return (
    <Panel
      title={t('retention.title')}
      text={t('retention.text')}
      flush
      actions={
        some &&
        mayChange && (
          <Group gap="sm">
            <Button variant="default" loading={isStarting} leftSection={<SearchIcon size={16} />} onClick={props.onDryRun}>
              {t('retention.dryRun')}
            </Button>
            <Button variant="light" color="red" leftSection={<RunIcon size={16} />} onClick={props.onRun}>
              {t('retention.run')}
            </Button>
            <Button leftSection={<AddIcon size={16} />} disabled={rules.length >= mostRules} onClick={() => props.onCreate()}>
              {t('retention.create')}
            </Button>
          </Group>
        )
      }
    >
      {rules === undefined && policy.error !== null && policy.error !== undefined && (
        <ErrorState error={policy.error} onRetry={() => void policy.refetch()} needs={t('role.maintainer')} owner={owner} />
      )}
      {rules === undefined && !policy.error && (
        <Stack p={20} gap="md" aria-busy>
          <Skeleton height={16} width="70%" />
          <Skeleton height={16} width="58%" />
        </Stack>
      )}
      {rules?.length === 0 && (
        <EmptyState icon={PurgeIcon} title={t('retention.none')} text={t(mayAdd ? 'retention.noneText' : 'retention.noneReadOnly')}>
          {mayAdd && (
            <>
              <Group gap="xs" justify="center">
                {retentionExamples.map((example) => (
                  <Button key={example.name} variant="default" size="xs" onClick={() => props.onCreate(example.draft)}>
                    {t(`retention.example.${example.name}`)}
                  </Button>
                ))}
              </Group>
              <Button leftSection={<AddIcon size={16} />} onClick={() => props.onCreate()}>
                {t('retention.create')}
              </Button>
            </>
          )}
        </EmptyState>
      )}
      {some && (
        <>
          <ul className={classes.rules} aria-label={t('retention.rules')}>
            {rules.map((rule, place) => (
              <Rule key={`${place} ${JSON.stringify(rule)}`} rule={rule} place={place} {...props} />
            ))}
          </ul>
          <Text size="xs" c="dimmed" px={20} pb={16}>
            {t('retention.rest')}
          </Text>
          {props.children}
        </>
      )}
    </Panel>
  );
}

function Rule({ rule, place, mayChange, onEdit, onDelete, onDisable }: Props & { rule: RetentionRule; place: number }) {
  const { t } = useTranslation();
  const name = t('policies.rule', { id: place + 1 });
  const editable = retentionDraftOf(rule) !== undefined;
  return (
    <li className={classes.rule} data-off={rule.disabled || undefined}>
      {mayChange && (
        <Switch size="sm" checked={rule.disabled !== true} aria-label={t('policies.enabledOf', { id: place + 1 })} onChange={(event) => onDisable(place, !event.currentTarget.checked)} />
      )}
      <Text span size="sm" c="dimmed" className="tabular">
        {place + 1}
      </Text>
      <div className={classes.words}>
        <RetentionSentence {...wordsOf(rule)} /> {rule.disabled && <Badge color="gray">{t('policies.disabled')}</Badge>}
      </div>
      {mayChange && (
        <RowMenu label={t('common.actionsFor', { name })}>
          <Menu.Item leftSection={<EditIcon size={16} />} disabled={!editable} onClick={() => onEdit(place)}>
            {editable ? t('policies.edit') : t('policies.onlyByApi')}
          </Menu.Item>
          <Menu.Item color="red" leftSection={<DeleteIcon size={16} />} onClick={() => onDelete(place)}>
            {t('policies.delete')}
          </Menu.Item>
        </RowMenu>
      )}
    </li>
  );
}
