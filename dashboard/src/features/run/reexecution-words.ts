import { type TagPair, tagValue } from '../../components/run-tags';

/** What a run of a group executed, by the tags that its launch left: `retry 2, from failure`. */
export function reexecutionWords(run: {
  readonly parentRunId: string | null;
  readonly stepKeysToExecute: readonly string[] | null;
  readonly tags: readonly TagPair[];
}): string {
  const isFromFailure = tagValue(run.tags, 'dagster/is_resume_retry') === 'true';
  const what =
    tagValue(run.tags, 'dagster/step_selection') !== undefined
      ? 'chosen steps'
      : isFromFailure
        ? 'from failure'
        : run.parentRunId === null
          ? 'first run'
          : 'all steps';
  const retry = tagValue(run.tags, 'dagster/retry_number');
  return retry === undefined || run.parentRunId === null ? what : `automatic retry ${retry}, ${what}`;
}
