import { Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { shortDigest } from '@/lib/reference';
import { CopyButton } from './CopyButton';
import { Tooltip } from './Tooltip';

/** Short, because a person compares the first characters at most; whole when copied. */
export function Digest({ digest }: { digest: string }) {
  const { t } = useTranslation();
  return (
    <Group gap={2} wrap="nowrap" display="inline-flex">
      <Tooltip label={digest}>
        <span className="mono" style={{ color: 'var(--mantine-color-dimmed)' }}>
          {shortDigest(digest)}
        </span>
      </Tooltip>
      <CopyButton text={digest} label={t('common.copyDigest', { digest: shortDigest(digest) })} />
    </Group>
  );
}
