import { isAdHocJob, keyText } from '../../components/format/asset-key';
import type { SensorsResult } from '../../graphql/generated';

type Repository = Extract<
  SensorsResult['repositoriesOrError'],
  { readonly __typename: 'RepositoryConnection' }
>['nodes'][number];

/** A sensor with where it is defined. */
export interface SensorRow {
  readonly id: string;
  readonly sensor: Repository['sensors'][number];
  readonly repositoryName: string;
  readonly locationName: string;
}

/** What a sensor starts or watches. */
export function sensorTarget(sensor: SensorRow['sensor']): string {
  const jobs = (sensor.targets ?? [])
    .map((target) => target.pipelineName)
    .filter((name) => !isAdHocJob(name));
  if (jobs.length > 0) return jobs.join(', ');
  const watched = sensor.metadata.assetKeys ?? [];
  return watched.length > 0 ? `watches ${watched.map(keyText).slice(0, 3).join(', ')}` : 'assets';
}

const typeWords: Readonly<Record<string, string>> = {
  STANDARD: 'Polls',
  RUN_STATUS: 'Follows runs',
  ASSET: 'Follows an asset',
  MULTI_ASSET: 'Follows assets',
  AUTOMATION: 'Automation conditions',
  AUTO_MATERIALIZE: 'Automation conditions',
};

/** The kind of a sensor, in words. */
export function sensorTypeText(sensor: SensorRow['sensor']): string {
  return typeWords[sensor.sensorType] ?? sensor.sensorType.toLowerCase();
}
