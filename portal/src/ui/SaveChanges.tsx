import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { WarningIcon } from './icons';
import { Refusal } from './Refusal';
import classes from './SaveChanges.module.css';
import { useUnsaved } from './useUnsaved';

export interface Change {
  name: string;
  before: ReactNode;
  after: ReactNode;
}

interface Props {
  /** what saving will change; none: the bar is not there */
  changes: Change[];
  /** false: something is wrong, which its field says */
  ready?: boolean;
  /** what the reader should think of first */
  warnings?: string[];
  onSave: () => Promise<unknown>;
  onDiscard: () => void;
  /** brings the new state when somebody else has changed it meanwhile */
  onReload?: () => void;
}

/** The end of a form whose fields are changed in place: what will be different, before and after, and the decision. */
export function SaveChanges(props: Props) {
  const open = props.changes.length > 0;
  useUnsaved(open);
  return open && <Bar {...props} />;
}

function Bar({ changes, ready = true, warnings = [], onSave, onDiscard, onReload }: Props) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  async function save() {
    setBusy(true);
    setError(undefined);
    try {
      await onSave();
    } catch (refusal) {
      setError(refusal);
    }
    setBusy(false);
  }
  return (
    <section className={classes.bar} aria-label={t('changes.title')}>
      <Stack gap="sm">
        <Text size="sm" fw={600} role="status">
          {t('changes.count', { count: changes.length })}
        </Text>
        <dl className={classes.changes}>
          {changes.map((change) => (
            <div key={change.name}>
              <dt>{change.name}</dt>
              <dd>
                <del>{change.before}</del>
                <span aria-hidden>→</span>
                <ins>{change.after}</ins>
              </dd>
            </div>
          ))}
        </dl>
        {warnings.map((warning) => (
          <Alert key={warning} color="amber" icon={<WarningIcon size={18} />} p="sm">
            {warning}
          </Alert>
        ))}
        {error !== undefined && <Refusal error={error} onReload={onReload} />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onDiscard} disabled={busy}>
            {t('common.discard')}
          </Button>
          <Button onClick={() => void save()} loading={busy} disabled={!ready}>
            {t('common.save')}
          </Button>
        </Group>
      </Stack>
    </section>
  );
}
