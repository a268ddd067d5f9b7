import { type UseMutationResult, useMutation } from '@tanstack/react-query';
import { expectType } from './api-error';
import { launchBackfillDocument, launchRunDocument } from './launch.graphql';
import { request } from './request';

export interface MaterializeTarget {
  readonly path: readonly string[];
  readonly repositoryName: string;
  readonly locationName: string;
}

export interface MaterializeRequest {
  readonly targets: readonly MaterializeTarget[];
  /** None for unpartitioned assets; one launches a run, several a backfill. */
  readonly partitions: readonly string[];
}

export interface MaterializeOutcome {
  readonly runIds: readonly string[];
  readonly backfillId: string | undefined;
  /** Why nothing was launched in some code locations, each behind its name. */
  readonly refused: readonly string[];
}

/** The job that runs any selection of a location's assets. */
const assetJob = '__ASSET_JOB';
const partitionTag = 'dagster/partition';

/** Launches one run per code location, or one backfill for several partitions. */
export function useMaterialize(): UseMutationResult<MaterializeOutcome, Error, MaterializeRequest> {
  return useMutation({
    mutationFn: async ({ targets, partitions }) => {
      if (partitions.length > 1) {
        const answer = await request(launchBackfillDocument, {
          backfillParams: {
            assetSelection: targets.map((target) => ({ path: target.path })),
            partitionNames: partitions,
          },
        });
        const { backfillId } = expectType(answer.launchPartitionBackfill, 'LaunchBackfillSuccess');
        return { runIds: [], backfillId, refused: [] };
      }
      const launched = await launchByLocation(targets, (first, assets) =>
        launchAssetRun(first, { assets, partition: partitions[0] }),
      );
      return { ...launched, backfillId: undefined };
    },
  });
}

/**
 * Launches one run per code location. One that is refused takes nothing back, so that it is told beside the others.
 *
 * @throws what the first was refused with, when nothing was launched
 */
export async function launchByLocation(
  targets: readonly MaterializeTarget[],
  launch: (first: MaterializeTarget, assets: readonly (readonly string[])[]) => Promise<string>,
): Promise<Pick<MaterializeOutcome, 'runIds' | 'refused'>> {
  const byLocation = Map.groupBy(targets, (target) => `${target.locationName}\n${target.repositoryName}`);
  const runIds: string[] = [];
  const errors = new Map<string, Error>();
  for (const group of byLocation.values()) {
    const [first] = group;
    if (!first) continue;
    try {
      runIds.push(
        await launch(
          first,
          group.map(({ path }) => path),
        ),
      );
    } catch (error) {
      errors.set(first.locationName, error instanceof Error ? error : new Error(String(error)));
    }
  }
  const [failure] = errors.values();
  if (failure && runIds.length === 0) throw failure;
  return { runIds, refused: [...errors].map(([name, { message }]) => `${name}: ${message}`) };
}

/**
 * Launches a run of some assets and checks of one code location, and gives its id. Without `checks` every check of
 * the assets is run; of checks alone no asset is made.
 */
export async function launchAssetRun(
  { repositoryName, locationName }: Omit<MaterializeTarget, 'path'>,
  what: {
    readonly assets: readonly (readonly string[])[];
    readonly checks?: readonly { readonly path: readonly string[]; readonly name: string }[];
    readonly partition?: string | undefined;
  },
): Promise<string> {
  const { launchRun } = await request(launchRunDocument, {
    executionParams: {
      selector: {
        jobName: assetJob,
        repositoryName,
        repositoryLocationName: locationName,
        assetSelection: what.assets.map((path) => ({ path })),
        ...(what.checks
          ? { assetCheckSelection: what.checks.map(({ path, name }) => ({ assetKey: { path }, name })) }
          : {}),
      },
      mode: 'default',
      executionMetadata: {
        tags: what.partition === undefined ? [] : [{ key: partitionTag, value: what.partition }],
      },
    },
  });
  if (launchRun.__typename === 'RunConfigValidationInvalid')
    throw new Error(launchRun.errors.map((error) => error.message).join('; '));
  return expectType(launchRun, 'LaunchRunSuccess').run.runId;
}

/** The target of a node of the catalog. */
export function materializeTarget(node: {
  readonly assetKey: { readonly path: readonly string[] };
  readonly repository: { readonly name: string; readonly location: { readonly name: string } };
}): MaterializeTarget {
  return {
    path: node.assetKey.path,
    repositoryName: node.repository.name,
    locationName: node.repository.location.name,
  };
}
