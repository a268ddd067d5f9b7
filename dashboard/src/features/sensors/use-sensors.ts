import type { UseQueryResult } from '@tanstack/react-query';
import { type ApiError, expectType } from '../../graphql/api-error';
import { useLiveQuery } from '../../graphql/use-live-query';
import type { SensorRow } from './sensor-row';
import { sensorsDocument } from './sensors.graphql';

/** The sensors of every code location, with their latest ticks. */
export function useSensors(): UseQueryResult<readonly SensorRow[], ApiError> {
  return useLiveQuery(
    sensorsDocument,
    {},
    {
      interval: 2_000,
      select: (answer) =>
        expectType(answer.repositoriesOrError, 'RepositoryConnection').nodes.flatMap((repository) =>
          repository.sensors.map(
            (sensor): SensorRow => ({
              id: `${repository.location.name}:${sensor.name}`,
              sensor,
              repositoryName: repository.name,
              locationName: repository.location.name,
            }),
          ),
        ),
    },
  );
}
