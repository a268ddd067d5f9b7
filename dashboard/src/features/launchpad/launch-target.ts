import type { SelectableAsset } from '../lineage/lineage-selection';

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
  readonly ops: readonly { readonly name: string; readonly parents: readonly string[] }[];
  /** Of an asset job. */
  readonly assets: readonly SelectableAsset[];
  /** Op → key of the asset that it makes. */
  readonly titles: ReadonlyMap<string, string>;
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
