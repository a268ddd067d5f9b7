import { keyText } from '../../components/format/asset-key';
import { plural } from '../../components/format/number';
import type { Status } from '../../components/status';
import type { BulkActionStatus } from '../../graphql/generated';

const statuses: Readonly<Record<BulkActionStatus, Status>> = {
  REQUESTED: { kind: 'running', word: 'Running' },
  CANCELING: { kind: 'canceling', word: 'Canceling' },
  CANCELED: { kind: 'canceled', word: 'Canceled' },
  FAILING: { kind: 'failure', word: 'Failing' },
  FAILED: { kind: 'failure', word: 'Failed' },
  COMPLETED_SUCCESS: { kind: 'success', word: 'Success' },
  COMPLETED_FAILED: { kind: 'failure', word: 'Partly failed' },
  COMPLETED: { kind: 'success', word: 'Success' },
};

/** How a backfill's status reads. */
export function backfillStatus(backfill: {
  readonly status: BulkActionStatus;
  readonly isPaused: boolean;
}): Status {
  if (backfill.status === 'REQUESTED' && backfill.isPaused) return { kind: 'waiting', word: 'Paused' };
  return statuses[backfill.status];
}

const live: ReadonlySet<BulkActionStatus> = new Set(['REQUESTED', 'CANCELING', 'FAILING']);

/** Whether something may still come of it. */
export const isLive = ({ status }: { readonly status: BulkActionStatus }): boolean => live.has(status);

interface Targeted {
  readonly jobName: string | null;
  readonly assetSelection: readonly { readonly path: readonly string[] }[] | null;
}

/** What a backfill makes: `raw/earthquakes and 2 more`, or its job. */
export function targetText({ jobName, assetSelection }: Targeted): string {
  const [first, ...others] = assetSelection ?? [];
  if (first === undefined) return jobName ?? '—';
  return others.length === 0 ? keyText(first) : `${keyText(first)} and ${others.length} more`;
}

/** `partitions of 3 assets`, `partitions of a job` */
export function targetDetail({ assetSelection }: Targeted): string {
  return assetSelection === null ? 'job' : plural(assetSelection.length, 'asset');
}
