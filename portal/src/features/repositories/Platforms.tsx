import { Badge, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Artifact } from '@/api/types';
import { platformName, platformsOf } from '@/lib/platform';
import { Kind } from '@/ui/Kind';
import classes from './Repositories.module.css';

const most = 2;

/** What it runs on, or, for what does not run, what it is. */
export function Platforms({ artifact }: { artifact: Artifact }) {
  const { t } = useTranslation();
  const platforms = platformsOf(artifact);
  if (platforms.length === 0) {
    return (
      <Text span size="sm" c="dimmed">
        <Kind type={artifact.type} />
      </Text>
    );
  }
  return (
    <span className={classes.platforms}>
      {platforms.slice(0, most).map((platform) => (
        <Badge key={platformName(platform)} size="sm" color="gray" style={{ flex: 'none' }}>
          {platformName(platform)}
        </Badge>
      ))}
      {platforms.length > most && (
        <Text span size="xs" c="dimmed">
          {t('artifacts.morePlatforms', { count: platforms.length - most })}
        </Text>
      )}
    </span>
  );
}
