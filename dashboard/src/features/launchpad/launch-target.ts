import type { SelectableStep } from '../../../../lib/model/select-steps';
import type { SelectableAsset } from '../../../../lib/model/selection';

export interface LaunchTarget {
  readonly jobName: string;
  readonly repositoryName: string;
  readonly locationName: string;
  readonly isAssetJob: boolean;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly runs: readonly {
    readonly runId: string;
    readonly status: string;
    readonly startTime: number | null;
    readonly endTime: number | null;
  }[];
  readonly ops: readonly SelectableStep[];
  /** Of an asset job. */
  readonly assets: readonly SelectableAsset[];
  /** Op → key of the asset that it makes. */
  readonly titles: ReadonlyMap<string, string>;
  /** One of its partitions; empty of a job without. */
  readonly somePartition: string;
  /** Why the reader may not launch. */
  readonly forbidden: string | undefined;
}

/** The job as the API names it. */
export function selectorOf(target: LaunchTarget) {
  return {
    pipelineName: target.jobName,
    repositoryName: target.repositoryName,
    repositoryLocationName: target.locationName,
  };
}
