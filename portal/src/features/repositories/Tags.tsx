import { Badge, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Artifact } from '@/api/types';
import { isSignature } from '@/lib/accessory';
import { placeOf, shortDigest } from '@/lib/reference';
import { SignedIcon } from '@/ui/icons';
import { Size } from '@/ui/Size';
import { TextLink } from '@/ui/TextLink';
import classes from './Repositories.module.css';

const most = 6;

/** The names by which people know an artifact; its digest only where it has none. */
export function Tags({ project, repository, artifact }: { project: string; repository: string; artifact: Artifact }) {
  const { t } = useTranslation();
  const tags = artifact.tags ?? [];
  const to = '/projects/$project/repositories/$';
  const signed = artifact.accessories?.some((accessory) => isSignature(accessory.type));
  return (
    <div className={classes.tags}>
      {tags.slice(0, most).map((tag) => (
        <TextLink key={tag.name} to={to} params={{ project, _splat: placeOf(repository, tag.name) }} fw={620} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {tag.name}
        </TextLink>
      ))}
      {tags.length > most && (
        <Text span size="xs" c="dimmed">
          {t('artifacts.moreTags', { count: tags.length - most })}
        </Text>
      )}
      {tags.length === 0 && (
        <TextLink to={to} params={{ project, _splat: placeOf(repository, artifact.digest) }} size="sm" className="mono">
          {shortDigest(artifact.digest)}
        </TextLink>
      )}
      {signed && (
        <Badge color="green" size="sm" leftSection={<SignedIcon size={12} />}>
          {t('artifacts.signed')}
        </Badge>
      )}
      <Text size="xs" c="dimmed" hiddenFrom="sm" w="100%">
        <Size bytes={artifact.size} />
      </Text>
    </div>
  );
}
