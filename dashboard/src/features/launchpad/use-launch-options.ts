import { expectType } from '../../graphql/api-error';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { isObject, type JsonSchema } from './config-schema';
import { type LaunchTarget, selectorOf } from './launch-target';
import { launchpadDocument } from './launchpad.graphql';
import { dimensionNames } from './partition-choice';

/** What a job can be launched with. */
export interface LaunchOptions {
  readonly schema: JsonSchema;
  /** The job's own configuration. */
  readonly yaml: string;
  /** Oldest first. */
  readonly partitions: readonly string[];
  /** Names of the partitions' dimensions; none where there is one. */
  readonly dimensions: readonly string[];
  readonly runTags: LaunchTarget['tags'];
  /** Op → pools. */
  readonly pools: ReadonlyMap<string, readonly string[]>;
}

export function useLaunchOptions(target: LaunchTarget) {
  return useLiveQuery(
    launchpadDocument,
    { selector: selectorOf(target), somePartition: target.somePartition },
    {
      interval: pollInterval.still,
      select: (answer): LaunchOptions => {
        const { jsonSchema, rootDefaultYaml } = expectType(answer.runConfigSchemaOrError, 'RunConfigSchema');
        const job = expectType(answer.pipelineOrError, 'Pipeline');
        const tags = job.partition?.tagsOrError;
        return {
          schema: isObject(jsonSchema) ? jsonSchema : {},
          yaml: rootDefaultYaml || '{}\n',
          partitions: job.partitionKeysOrError.partitionKeys.toReversed(),
          dimensions: tags
            ? dimensionNames(target.somePartition, expectType(tags, 'PartitionTags').results)
            : [],
          runTags: job.runTags,
          pools: new Map(
            job.solids.map((op) => [
              op.name,
              op.definition.__typename === 'SolidDefinition' ? op.definition.pools : [],
            ]),
          ),
        };
      },
    },
  );
}
