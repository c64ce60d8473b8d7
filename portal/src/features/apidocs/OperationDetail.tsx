import { Code, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CommandLine } from '@/ui/CommandLine';
import type { OpenAPI, Operation, Schema } from './document';
import { curlOf, fieldsOf, typeOf, type Field } from './shape';
import classes from './ApiDocs.module.css';

/** What an operation asks for, what it answers, and the command that calls it. */
export function OperationDetail({ operation, document }: { operation: Operation; document: OpenAPI }) {
  const { t } = useTranslation();
  const parameters = operation.parameters.map((each) => ({
    path: each.name,
    place: each.in,
    type: each.schema ? typeOf(document, each.schema) : 'string',
    required: each.required ?? false,
    description: each.description ?? '',
  }));
  return (
    <Stack gap="md" className={classes.detail}>
      {operation.description !== '' && <Text size="sm">{operation.description}</Text>}
      <Text size="sm">
        {t('apidocs.permission')} <Permission text={operation.permission} />
      </Text>
      <CommandLine lines={[curlOf(document, operation, window.location.origin)]} label={t('apidocs.copyCurl')} />
      {parameters.length > 0 && (
        <Part title={t('apidocs.parameters')}>
          <Fields fields={parameters} />
        </Part>
      )}
      {operation.body && (
        <Part title={t('apidocs.body')}>
          <Shape schema={operation.body} document={document} />
        </Part>
      )}
      {operation.answers.map(({ status, description, schema }) => (
        <Part key={status} title={status === 'default' ? t('apidocs.refusal') : `${status} ${description}`}>
          {schema && <Shape schema={schema} document={document} />}
        </Part>
      ))}
    </Stack>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h4>{title}</h4>
      {children}
    </div>
  );
}

/** The words before the permission say where it is asked for; what is not known here is shown as the server says it. */
const places = { project: 'inProject', system: 'inSystem', scoped: 'inScope', 'self or system': 'ofSelf' } as const;
const guard = /^(self or system|project|system|scoped) (\S+)$/;

function Permission({ text }: { text: string }) {
  const { t } = useTranslation();
  if (text === 'public') return t('apidocs.public');
  if (text === 'authenticated') return t('apidocs.signedIn');
  const [, place = '', permission] = guard.exec(text) ?? [];
  if (permission === undefined) return <Code>{text}</Code>;
  return (
    <>
      <Code>{permission}</Code> {t(`apidocs.${places[place as keyof typeof places]}`)}
    </>
  );
}

function Shape({ schema, document }: { schema: Schema; document: OpenAPI }) {
  const { t } = useTranslation();
  const fields = fieldsOf(document, schema);
  return (
    <>
      <Text size="xs" c="dimmed">
        {t('apidocs.type')} <span className="mono">{typeOf(document, schema)}</span>
      </Text>
      {fields.length > 0 && <Fields fields={fields} />}
    </>
  );
}

function Fields({ fields }: { fields: (Field & { place?: string })[] }) {
  const { t } = useTranslation();
  return (
    <dl className={classes.fields}>
      {fields.map(({ path, place, type, required, description }) => (
        <div key={`${place} ${path}`}>
          <dt>
            <span className="mono">{path}</span>
            {required && <span className={classes.required}>{t('apidocs.required')}</span>}
          </dt>
          <dd>
            <span className="mono">{type}</span>
            {place !== undefined && <span> · {place}</span>}
            {description !== '' && <p>{description}</p>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
