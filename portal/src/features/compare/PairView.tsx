import type { Place } from '@/api/artifacts';
import type { PlatformPair } from '@/lib/compare';
import { ErrorState } from '@/ui/ErrorState';
import { Panel } from '@/ui/Panel';
import { CompareSkeleton } from './CompareSkeleton';
import { ConfigDifferences } from './ConfigDifferences';
import { LayerDifferences } from './LayerDifferences';
import type { Side } from './side';
import { useSide } from './usePair';

interface Props {
  place: Place;
  pair: PlatformPair;
  from: Side;
  to: Side;
}

export function PairView({ place, pair, from, to }: Props) {
  const left = useSide(place, from.artifact, pair.from);
  const right = useSide(place, to.artifact, pair.to);
  if (left.layers && right.layers) {
    return (
      <>
        <ConfigDifferences from={left.artifact} to={right.artifact} />
        <LayerDifferences from={left.layers} to={right.layers} names={{ from: from.name, to: to.name }} />
      </>
    );
  }
  const failed = [left, right].find((side) => side.error);
  if (!failed) return <CompareSkeleton />;
  return (
    <Panel>
      <ErrorState error={failed.error} onRetry={failed.retry} />
    </Panel>
  );
}
