import type { Alert } from '../../model/alert';
import type { Run } from '../../model/run';

/** An alert in words: a line, and what there is to know and to do. */
export function describeAlert(
  alert: Alert,
  run: Run | undefined,
): { readonly subject: string; readonly text: string } {
  const [subject, ...details] = linesOf(alert, run);
  return { subject, text: [subject, ...details].join('\n') };
}

function linesOf(alert: Alert, run: Run | undefined): readonly [string, ...string[]] {
  switch (alert.type) {
    case 'run_failure':
      return [
        `Run ${alert.runId} of job ${alert.location}/${alert.jobName} failed`,
        ...(run?.cause == null ? [] : [`Cause: ${run.cause}`]),
        `Look at it with headrace logs ${alert.runId}, or on its page, where it can be run again from where it failed.`,
      ];
    case 'tick_missed': {
      const count = alert.scheduledAt.length;
      const last = alert.scheduledAt.at(-1);
      const which =
        count === 1
          ? `its tick of ${iso(last)}`
          : `${count} ticks, from ${iso(alert.scheduledAt[0])} to ${iso(last)}`;
      return [
        `Schedule ${alert.location}/${alert.name} missed ${which}`,
        alert.reason,
        `List them with headrace schedule ticks ${alert.name}. They are not made up for: launch what is needed by hand, or as a backfill.`,
      ];
    }
    case 'tick_failed':
      return [
        `The tick of ${alert.kind} ${alert.location}/${alert.name} at ${iso(alert.scheduledAt)} failed`,
        ...(alert.failureCount > 1 ? [`It is failure ${alert.failureCount} in a row.`] : []),
        `Error: ${alert.error}`,
        `Try it without launching anything by headrace ${alert.kind} preview ${alert.name}.`,
      ];
    case 'sensor_paused':
    case 'schedule_paused':
      return [
        `The ${alert.kind} ${alert.location}/${alert.name} turned itself off`,
        alert.reason,
        `Turn it on again with headrace ${alert.kind} start ${alert.name}.`,
      ];
    case 'queue_stuck':
      return [
        `Runs have waited for over ${alert.seconds} s and none is in progress`,
        'What each waits for is shown on its page and by headrace runs --status queued; see StuckQueue in docs/operations.md.',
      ];
    case 'freshness':
      return [
        `Asset ${alert.assetKey} is ${alert.state === 'FAIL' ? 'too old' : 'getting old'}`,
        `Its freshness changed from ${alert.previousState ?? 'UNKNOWN'} to ${alert.state} at ${iso(alert.at)}. See which run last made it, and what holds back the next.`,
      ];
  }
}

const iso = (instant: number | undefined): string =>
  instant === undefined ? 'unknown' : new Date(instant).toISOString();
