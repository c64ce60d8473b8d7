import { useQuery } from '@tanstack/react-query';
import { activityQuery } from '@/api/activity';
import { systemInfoQuery } from '@/api/shared';
import { healthQuery, statisticsQuery, volumesQuery } from './api';
import { HealthView } from './HealthView';

export function HealthPage() {
  return (
    <HealthView
      health={useQuery(healthQuery)}
      volumes={useQuery(volumesQuery)}
      info={useQuery(systemInfoQuery).data}
      statistics={useQuery(statisticsQuery).data}
      activity={useQuery(activityQuery(undefined))}
    />
  );
}
