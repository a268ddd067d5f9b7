import { useMutation } from '@tanstack/react-query';
import { runTag, type TagPair } from '../../components/run-tags';
import { expectType } from '../../graphql/api-error';
import { launchBackfillDocument, launchRunDocument } from '../../graphql/launch.graphql';
import { request } from '../../graphql/request';

export interface LaunchRequest {
  readonly jobName: string;
  readonly repositoryName: string;
  readonly locationName: string;
  readonly config: unknown;
  readonly tags: readonly TagPair[];
  /** None: the job has no partitions. One launches a run, several a backfill. */
  readonly partitions: readonly string[];
  /** Null: all of the job's. */
  readonly assets: readonly string[] | null;
  readonly ops: readonly string[] | null;
}

export type Launched = { readonly runId: string } | { readonly backfillId: string };

/** Of a partition set's name: the job's, and this. */
const partitionSetSuffix = '_partition_set';

interface InvalidConfig {
  readonly errors: readonly { readonly path: readonly string[]; readonly message: string }[];
}

function configError({ errors }: InvalidConfig): Error {
  return new Error(
    errors.map((error) => `${error.path.join('.') || 'configuration'}: ${error.message}`).join('\n'),
  );
}

export async function launch(wanted: LaunchRequest): Promise<Launched> {
  const assetSelection = wanted.assets?.map((key) => ({ path: key.split('/') }));
  const [partition, ...more] = wanted.partitions;
  if (more.length > 0) {
    const answer = await request(launchBackfillDocument, {
      backfillParams: {
        selector: {
          partitionSetName: `${wanted.jobName}${partitionSetSuffix}`,
          repositoryName: wanted.repositoryName,
          repositoryLocationName: wanted.locationName,
        },
        ...(assetSelection ? { assetSelection } : {}),
        ...(wanted.ops ? { reexecutionSteps: wanted.ops } : {}),
        partitionNames: wanted.partitions,
        runConfigData: wanted.config,
        tags: wanted.tags,
      },
    });
    const result = answer.launchPartitionBackfill;
    return { backfillId: expectType(result, 'LaunchBackfillSuccess').backfillId };
  }
  const answer = await request(launchRunDocument, {
    executionParams: {
      selector: {
        jobName: wanted.jobName,
        repositoryName: wanted.repositoryName,
        repositoryLocationName: wanted.locationName,
        ...(assetSelection ? { assetSelection } : {}),
        ...(wanted.ops ? { solidSelection: wanted.ops } : {}),
      },
      mode: 'default',
      runConfigData: wanted.config,
      executionMetadata: {
        tags:
          partition === undefined
            ? wanted.tags
            : [...wanted.tags, { key: runTag.partition, value: partition }],
      },
    },
  });
  if (answer.launchRun.__typename === 'RunConfigValidationInvalid') throw configError(answer.launchRun);
  return { runId: expectType(answer.launchRun, 'LaunchRunSuccess').run.runId };
}

export function useLaunch(onLaunched: (launched: Launched) => void) {
  return useMutation({ mutationFn: launch, onSuccess: onLaunched });
}
