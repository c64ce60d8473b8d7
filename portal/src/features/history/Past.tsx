import { Badge, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import type { PastArtifact } from '@/api/types';
import { placeOf, shortDigest } from '@/lib/reference';
import { formatExact, parseTime } from '@/lib/time';
import { DeleteIcon, PurgeForEverIcon } from '@/ui/icons';
import { TextLink } from '@/ui/TextLink';

interface Props {
  place: Place;
  past: PastArtifact | undefined;
  /** where there is none */
  none: string;
}

/** What a tag has pointed at, and what has become of it. */
export function Past({ place, past, none }: Props) {
  const { t, i18n } = useTranslation();
  if (!past) {
    return (
      <Text span size="sm" c="dimmed">
        {none}
      </Text>
    );
  }
  const name = past.digest ? shortDigest(past.digest) : t('history.unknown');
  const until = parseTime(past.restorable_until);
  return (
    <Group gap={6}>
      {past.state === 'alive' ? (
        <TextLink to="/projects/$project/repositories/$" params={{ project: place.project, _splat: placeOf(place.repository, past.digest) }} size="sm" className="mono">
          {name}
        </TextLink>
      ) : (
        <span className="mono" title={past.digest}>
          {name}
        </span>
      )}
      {past.state === 'bin' && (
        <Badge
          size="sm"
          color="amber"
          leftSection={<DeleteIcon size={12} />}
          title={until ? t('history.inBinUntil', { when: formatExact(until, i18n.language) }) : undefined}
        >
          {t('history.inBin')}
        </Badge>
      )}
      {past.state === 'purged' && (
        <Badge size="sm" color="gray" leftSection={<PurgeForEverIcon size={12} />}>
          {t('history.purged')}
        </Badge>
      )}
    </Group>
  );
}
