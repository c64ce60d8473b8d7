import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import { isDigest, placeOf, shortDigest } from '@/lib/reference';
import { Digest } from '@/ui/Digest';
import { Kind } from '@/ui/Kind';
import { Size } from '@/ui/Size';
import { TextLink } from '@/ui/TextLink';
import { TimeAgo } from '@/ui/TimeAgo';
import { Growth } from './Growth';
import type { Side } from './side';
import classes from './Compare.module.css';

/** Which two are compared, and how their sizes differ. */
export function Sides({ place, from, to }: { place: Place; from: Side; to: Side }) {
  const { t } = useTranslation();
  return (
    <div className={classes.sides}>
      <One place={place} side={from} label={t('compare.from')} />
      <One place={place} side={to} label={t('compare.to')} />
      <div>
        <Text size="xs" c="dimmed" fw={550}>
          {t('compare.growth')}
        </Text>
        <Text fw={650}>
          <Growth from={from.artifact.size} to={to.artifact.size} />
        </Text>
        {from.artifact.digest === to.artifact.digest && (
          <Text size="sm" c="dimmed">
            {t('compare.same')}
          </Text>
        )}
      </div>
    </div>
  );
}

function One({ place, side, label }: { place: Place; side: Side; label: string }) {
  const { t } = useTranslation();
  const { name, artifact } = side;
  return (
    <div>
      <Text size="xs" c="dimmed" fw={550}>
        {label}
      </Text>
      <TextLink to="/projects/$project/repositories/$" params={{ project: place.project, _splat: placeOf(place.repository, name) }} fw={650}>
        {isDigest(name) ? shortDigest(name) : name}
      </TextLink>
      <Text component="div" size="sm" c="dimmed" className={classes.facts}>
        <Kind type={artifact.type} />
        <Size bytes={artifact.size} />
        <span>
          {t('artifacts.pushedAgo')} <TimeAgo time={artifact.push_time} />
        </span>
        <Digest digest={artifact.digest} />
      </Text>
    </div>
  );
}
