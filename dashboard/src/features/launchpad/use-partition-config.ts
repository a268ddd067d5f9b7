import { expectType } from '../../graphql/api-error';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { type LaunchTarget, selectorOf } from './launch-target';
import { partitionConfigDocument } from './launchpad.graphql';
import type { LaunchOptions } from './use-launch-options';

/** The configuration that a job has for some partitions, where nothing else is said. */
export interface OwnConfig {
  /** Of the first of them; until it is known, what was shown before. */
  readonly yaml: string;
  readonly isKnown: boolean;
  /** Each partition has another. */
  readonly isOfPartition: boolean;
  readonly error: Error | null;
}

export function usePartitionConfig(
  target: LaunchTarget,
  options: LaunchOptions,
  [partition]: readonly string[],
): OwnConfig {
  const { data, isPlaceholderData, error } = useLiveQuery(
    partitionConfigDocument,
    { selector: selectorOf(target), partition: partition ?? '' },
    {
      enabled: partition !== undefined,
      interval: pollInterval.still,
      select: (answer) => {
        const found = expectType(answer.pipelineOrError, 'Pipeline').partition;
        return found ? expectType(found.runConfigOrError, 'PartitionRunConfig').yaml : undefined;
      },
    },
  );
  const yaml = partition === undefined ? options.yaml : (data ?? options.yaml);
  return {
    yaml,
    isKnown: partition === undefined || (data !== undefined && !isPlaceholderData),
    isOfPartition: yaml !== options.yaml,
    error: partition === undefined ? null : error,
  };
}
