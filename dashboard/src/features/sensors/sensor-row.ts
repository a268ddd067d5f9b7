import { isAdHocJob, keyText } from '../../components/format/asset-key';
import { formatSpan } from '../../components/format/duration';
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

/** The jobs that a sensor names; it may launch others, and selections of assets. */
export const sensorJobs = (sensor: SensorRow['sensor']): readonly string[] =>
  (sensor.targets ?? []).map((target) => target.pipelineName).filter((name) => !isAdHocJob(name));

/** What a sensor starts or watches. */
export function sensorTarget(sensor: SensorRow['sensor']): string {
  const jobs = sensorJobs(sensor);
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

const EVENT_WORDS = {
  WEBHOOK: 'Takes webhooks',
  QUEUE_MESSAGE: 'Takes messages of the queue',
  OBJECT_CREATED: 'Follows a bucket',
} as const;

/** When a sensor is evaluated, in words. */
export function sensorTimingText({ eventSource, minIntervalSeconds }: SensorRow['sensor']): string {
  if (eventSource === null) return `at most every ${formatSpan(minIntervalSeconds * 1_000)}`;
  if (eventSource.bucket === null) return 'with each event';
  return `with each object s3://${eventSource.bucket}/${eventSource.prefix ?? ''}*${eventSource.suffix ?? ''}`;
}

/** The kind of a sensor, in words. */
export function sensorTypeText(sensor: SensorRow['sensor']): string {
  const { eventSource } = sensor;
  if (eventSource !== null) return EVENT_WORDS[eventSource.type];
  return typeWords[sensor.sensorType] ?? sensor.sensorType.toLowerCase();
}

/** How the API names a sensor. */
export const sensorSelector = (row: SensorRow) => ({
  sensorName: row.sensor.name,
  repositoryName: row.repositoryName,
  repositoryLocationName: row.locationName,
});
