import { Alert, Anchor, Button, Checkbox, Group, NativeSelect, PasswordInput, Text, Textarea, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Registry, RegistryProvider } from '@/api/types';
import { FormDialog } from '@/ui/FormDialog';
import { ConnectIcon, SuccessIcon } from '@/ui/icons';
import { Refusal } from '@/ui/Refusal';
import { draftOf, fixedKey, fixedUrl, hasPassword, isComplete, isFile, isReachable, suggestions, withKind, type Draft } from './draft';
import { useKindWords } from './useKindWords';

interface Props {
  /** the one that is changed */
  registry?: Registry | undefined;
  kinds: Record<string, RegistryProvider>;
  onTest: (draft: Draft) => Promise<unknown>;
  onSubmit: (draft: Draft) => Promise<unknown>;
  onReload: () => void;
  onClose: () => void;
}

/** Draws what the kind asks for. The server tries the connection before it keeps anything; here it can be tried before. */
export function RegistryForm({ registry, kinds, onTest, onSubmit, onReload, onClose }: Props) {
  const { t } = useTranslation();
  const words = useKindWords();
  const offered = useId();
  const [draft, setDraft] = useState(() => draftOf(registry, 'docker-registry' in kinds ? 'docker-registry' : (Object.keys(kinds)[0] ?? '')));
  const kind = kinds[draft.type];
  const [more, setMore] = useState(draft.ca !== '' || draft.insecure);
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const url = fixedUrl(kind);
  const choices = suggestions(kind);
  return (
    <FormDialog
      title={registry ? t('registries.editTitle', { name: registry.name }) : t('registries.add')}
      submit={registry ? t('common.save') : t('common.add')}
      ready={isComplete(draft)}
      size="lg"
      careful
      onReload={onReload}
      onSubmit={() => onSubmit(draft)}
      onClose={onClose}
    >
      <NativeSelect
        data-autofocus={registry ? undefined : true}
        label={t('registries.kind')}
        description={words.hint(draft.type)}
        value={draft.type}
        disabled={registry !== undefined}
        onChange={(event) => setDraft(withKind(draft, event.currentTarget.value, kinds))}
        data={Object.keys(kinds)
          .map((value) => ({ value, label: words.name(value) }))
          .toSorted((a, b) => a.label.localeCompare(b.label))}
      />
      <TextInput required label={t('registries.name')} value={draft.name} onChange={(event) => set({ name: event.currentTarget.value })} maxLength={64} autoComplete="off" />
      <TextInput
        required
        label={t('registries.url')}
        value={draft.url}
        readOnly={url !== undefined && draft.url === url}
        onChange={(event) => set({ url: event.currentTarget.value })}
        placeholder={t('registries.urlExample')}
        error={hasPassword(draft.url) && t('registries.urlPassword')}
        maxLength={1024}
        spellCheck={false}
        autoComplete="off"
        {...(choices.length > 1 || url === undefined ? { list: offered } : {})}
      />
      <datalist id={offered}>
        {choices.map((each) => (
          <option key={each.value} value={each.value}>
            {each.key}
          </option>
        ))}
      </datalist>
      <Secrets draft={draft} kind={kind} kept={registry?.credential.access_secret !== undefined} onChange={set} />
      {more ? (
        <>
          <Checkbox label={t('registries.verify')} description={t('registries.verifyText')} checked={!draft.insecure} onChange={(event) => set({ insecure: !event.currentTarget.checked })} />
          {!draft.insecure && (
            <Textarea
              label={t('registries.ca')}
              description={t('registries.caText')}
              value={draft.ca}
              onChange={(event) => set({ ca: event.currentTarget.value })}
              autosize
              minRows={2}
              maxRows={6}
              className="mono"
              spellCheck={false}
              placeholder={t('registries.caExample')}
            />
          )}
        </>
      ) : (
        <Anchor component="button" type="button" size="sm" ta="start" onClick={() => setMore(true)}>
          {t('registries.certificate')}
        </Anchor>
      )}
      <TextInput label={t('registries.description')} value={draft.description} onChange={(event) => set({ description: event.currentTarget.value })} maxLength={1000} />
      <Test draft={draft} onTest={onTest} />
    </FormDialog>
  );
}

interface SecretProps {
  draft: Draft;
  kind: RegistryProvider | undefined;
  /** there is a secret that nobody can read */
  kept: boolean;
  onChange: (change: Partial<Draft>) => void;
}

function Secrets({ draft, kind, kept, onChange }: SecretProps) {
  const { t } = useTranslation();
  const words = useKindWords();
  const secret = {
    label: words.secret(draft.type),
    value: draft.secret ?? '',
    placeholder: kept ? t('registries.kept') : '',
  };
  return (
    <>
      <TextInput
        label={words.key(draft.type)}
        description={fixedKey(kind) === undefined && !kept ? t('registries.anonymous') : undefined}
        value={draft.accessKey}
        readOnly={draft.keyIsFixed}
        onChange={(event) => onChange({ accessKey: event.currentTarget.value })}
        maxLength={1024}
        spellCheck={false}
        autoComplete="off"
      />
      {isFile(kind) ? (
        <Textarea {...secret} onChange={(event) => onChange({ secret: event.currentTarget.value })} autosize minRows={3} maxRows={8} className="mono" spellCheck={false} autoComplete="off" />
      ) : (
        <PasswordInput {...secret} onChange={(event) => onChange({ secret: event.currentTarget.value })} autoComplete="new-password" />
      )}
    </>
  );
}

/** Tries what the form says, as often as somebody likes; another word in the form makes the answer old. */
function Test({ draft, onTest }: { draft: Draft; onTest: (draft: Draft) => Promise<unknown> }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<{ of: Draft; error?: unknown }>();
  const current = result?.of === draft ? result : undefined;

  async function test() {
    setBusy(true);
    try {
      await onTest(draft);
      setResult({ of: draft });
    } catch (error) {
      setResult({ of: draft, error });
    } finally {
      setBusy(false);
    }
  }
  return (
    <>
      <Group>
        <Button variant="default" leftSection={<ConnectIcon size={16} />} loading={busy} disabled={!isReachable(draft)} onClick={() => void test()}>
          {t('registries.test')}
        </Button>
        {busy && (
          <Text size="sm" c="dimmed" role="status">
            {t('registries.testing')}
          </Text>
        )}
      </Group>
      {current && current.error === undefined && (
        <Alert color="green" icon={<SuccessIcon size={18} />} role="status">
          {t('registries.answers')}
        </Alert>
      )}
      {current?.error !== undefined && <Refusal error={current.error} />}
    </>
  );
}
