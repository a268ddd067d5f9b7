import { type AssetKeyLike, isAdHocJob, keyText } from './format/asset-key';
import { plural } from './format/number';
import { runTag, type TagPair, tagValue } from './run-tags';

export interface RunTargetRun {
  readonly runId: string;
  readonly jobName: string;
  readonly tags: readonly TagPair[];
  readonly assetSelection?: readonly AssetKeyLike[] | null;
  readonly assetSelectionCount: number;
}

/** What a run executes, in words: its job, or the assets of an ad-hoc run, and the partition. */
export function runTargetText(run: RunTargetRun): { name: string; detail: string } {
  const partition = tagValue(run.tags, runTag.partition);
  const first = run.assetSelection?.[0];
  const adHoc = isAdHocJob(run.jobName);
  const rest = run.assetSelectionCount - 1;
  const name = adHoc ? (first ? keyText(first) : 'assets') : run.jobName;
  const count = adHoc
    ? rest > 0
      ? `+${rest}`
      : ''
    : run.assetSelectionCount > 0
      ? plural(run.assetSelectionCount, 'asset')
      : '';
  return { name, detail: partition ?? count };
}
