import { NativeSelect, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import { matchPlatforms, type PlatformPair } from '@/lib/compare';
import { comparisonOf, isDigest } from '@/lib/reference';
import { ButtonLink } from '@/ui/ButtonLink';
import { CompareIcon } from '@/ui/icons';
import { Panel } from '@/ui/Panel';
import { useListState } from '@/ui/useListState';
import { PairView } from './PairView';
import { Sides } from './Sides';
import type { Side } from './side';
import classes from './Compare.module.css';

interface Props {
  place: Place;
  from: Side;
  to: Side;
}

/** Two artifacts of a repository beside each other; indexes platform by platform. */
export function CompareView({ place, from, to }: Props) {
  const { t } = useTranslation();
  const { search, set } = useListState();
  const pairs = matchPlatforms(from.artifact, to.artifact);
  const pair = pairs.find((each) => each.name === search.platform) ?? pairs[0];
  const nameOf = (each: PlatformPair) => {
    if (each.from === undefined) return t('compare.onlyIn', { name: each.name, where: shown(to) });
    return each.to === undefined ? t('compare.onlyIn', { name: each.name, where: shown(from) }) : each.name;
  };
  return (
    <Stack gap="lg">
      <Panel>
        <Sides place={place} from={from} to={to} />
        <div className={classes.actions}>
          {pairs.length > 1 && (
            <NativeSelect
              size="sm"
              aria-label={t('artifacts.platform')}
              value={pair?.name ?? ''}
              onChange={(event) => set({ platform: event.currentTarget.value })}
              data={pairs.map((each) => ({ value: each.name, label: nameOf(each) }))}
            />
          )}
          <ButtonLink
            variant="default"
            size="sm"
            leftSection={<CompareIcon size={16} />}
            to="/projects/$project/repositories/$"
            params={{ project: place.project, _splat: comparisonOf(place.repository, named(to), named(from)) }}
            search={{ platform: search.platform }}
          >
            {t('compare.swap')}
          </ButtonLink>
        </div>
      </Panel>
      {pair && <PairView key={pair.name} place={place} pair={pair} from={from} to={to} />}
    </Stack>
  );
}

const named = ({ name, artifact }: Side) => ({ digest: artifact.digest, tag: isDigest(name) ? undefined : name });
const shown = ({ name }: Side) => (isDigest(name) ? name.slice(0, 19) : name);
