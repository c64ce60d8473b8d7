import { Button, Code, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { leastNeeded } from '@/lib/needs';
import { ApiError } from '@/lib/problem';
import { CopyButton } from './CopyButton';
import { PrivateIcon, RetryIcon, SearchIcon, WarningIcon } from './icons';
import { ButtonLink } from './ButtonLink';
import classes from './State.module.css';

interface Props {
  error: unknown;
  onRetry?: (() => void) | undefined;
  /** the role that would be allowed, and who can give it: shown when the answer was "denied" */
  needs?: string | undefined;
  owner?: string | undefined;
}

type Kind = 'denied' | 'missing' | 'offline' | 'failed';

function kindOf(error: unknown): Kind {
  if (!(error instanceof ApiError)) return 'failed';
  if (error.status === 0) return 'offline';
  if (error.status === 403 || error.status === 401) return 'denied';
  return error.status === 404 ? 'missing' : 'failed';
}

const icons = { denied: PrivateIcon, missing: SearchIcon, offline: WarningIcon, failed: WarningIcon };

/** What went wrong, whose turn it is, and the request id that finds it in the server's log. */
export function ErrorState({ error, onRetry, needs, owner }: Props) {
  const { t } = useTranslation();
  const kind = kindOf(error);
  const Icon = icons[kind];
  // The page knows best; else the refusal itself says which role would be enough.
  const least = leastNeeded(error);
  const role = needs ?? (least && t(`role.${least}`));
  const problem = error instanceof ApiError ? error : undefined;
  const hint = kind === 'denied' && owner ? t('error.askOwner', { owner }) : t(`error.${kind}.text`);
  return (
    <Stack align="center" gap="xs" className={classes.state} role="alert">
      <span className={classes.icon} data-tone="warning">
        <Icon size={26} stroke={1.5} />
      </span>
      <Title order={2} size="h3" ta="center">
        {t(`error.${kind}.title`)}
      </Title>
      <Text size="sm" c="dimmed" ta="center" maw={480}>
        {kind === 'denied' && role ? t('error.needs', { role }) : ''} {hint}
      </Text>
      {kind === 'failed' && problem && problem.message !== '' && (
        <Code style={{ overflowWrap: 'anywhere' }}>{problem.message}</Code>
      )}
      <Group gap="sm" mt="sm">
        {onRetry && kind !== 'denied' && kind !== 'missing' && (
          <Button variant="light" leftSection={<RetryIcon size={16} />} onClick={onRetry}>
            {t('common.retry')}
          </Button>
        )}
        {(kind === 'denied' || kind === 'missing') && (
          <ButtonLink variant="light" to="/projects">
            {t('error.toProjects')}
          </ButtonLink>
        )}
      </Group>
      {problem && problem.requestId !== '' && (
        <Group gap={4} mt="xs">
          <Text size="xs" c="dimmed">
            {t('error.requestId')} <span className="mono">{problem.requestId}</span>
          </Text>
          <CopyButton text={problem.requestId} label={t('error.copyRequestId')} />
        </Group>
      )}
    </Stack>
  );
}
