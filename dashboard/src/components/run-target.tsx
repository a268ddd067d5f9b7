import { Link } from '@tanstack/react-router';
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

/** The target as a link to the run; `focusable` outside of rows that open by themselves. */
export function RunTarget({
  run,
  focusable = false,
}: {
  readonly run: RunTargetRun;
  readonly focusable?: boolean;
}) {
  const { name, detail } = runTargetText(run);
  return (
    <>
      <Link
        to="/runs/$runId"
        params={{ runId: run.runId }}
        className="strong"
        title={name}
        tabIndex={focusable ? 0 : -1}
      >
        {name}
      </Link>
      {detail && <span className="t3"> {detail}</span>}
    </>
  );
}
