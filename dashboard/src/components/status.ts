/** What the design system can say about a thing; the value is also the `data-st` attribute. */
export type StatusKind =
  | 'queued'
  | 'starting'
  | 'running'
  | 'waiting'
  | 'retry'
  | 'success'
  | 'failure'
  | 'canceling'
  | 'canceled'
  | 'skipped'
  | 'none'
  | 'expected'
  | 'warn'
  | 'late'
  | 'missed'
  | 'stale'
  | 'missing';

export interface Status {
  readonly kind: StatusKind;
  readonly word: string;
}

const runStatuses: Readonly<Record<string, Status>> = {
  QUEUED: { kind: 'queued', word: 'Queued' },
  NOT_STARTED: { kind: 'starting', word: 'Starting' },
  MANAGED: { kind: 'starting', word: 'Starting' },
  STARTING: { kind: 'starting', word: 'Starting' },
  STARTED: { kind: 'running', word: 'Running' },
  SUSPENDED: { kind: 'waiting', word: 'Waiting' },
  SUCCESS: { kind: 'success', word: 'Success' },
  FAILURE: { kind: 'failure', word: 'Failed' },
  CANCELING: { kind: 'canceling', word: 'Canceling' },
  CANCELED: { kind: 'canceled', word: 'Canceled' },
};

/** How a run's status reads. An unknown one reads as itself, without a colour. */
export function runStatus(status: string): Status {
  return runStatuses[status] ?? { kind: 'none', word: status };
}

export const finishedRunStatuses: ReadonlySet<string> = new Set(['SUCCESS', 'FAILURE', 'CANCELED']);
export const progressRunStatuses = ['STARTING', 'STARTED', 'CANCELING', 'SUSPENDED', 'NOT_STARTED'] as const;

const tickStatuses: Readonly<Record<string, Status>> = {
  STARTED: { kind: 'running', word: 'Running' },
  SUCCESS: { kind: 'success', word: 'Success' },
  SKIPPED: { kind: 'skipped', word: 'Skipped' },
  FAILURE: { kind: 'failure', word: 'Error' },
  MISSED: { kind: 'missed', word: 'Missed' },
  LATE: { kind: 'late', word: 'Late' },
};

/** How a tick's status reads. */
export function tickStatus(status: string): Status {
  return tickStatuses[status] ?? { kind: 'none', word: status };
}

const stepStatuses: Readonly<Record<string, Status>> = {
  IN_PROGRESS: { kind: 'running', word: 'Running' },
  SUCCESS: { kind: 'success', word: 'Success' },
  SKIPPED: { kind: 'skipped', word: 'Skipped' },
  FAILURE: { kind: 'failure', word: 'Failed' },
};

/** How a step's status reads; a step without one has not started. */
export function stepStatus(status: string | null | undefined): Status {
  return (status && stepStatuses[status]) || { kind: 'none', word: 'Not started' };
}

const checkStatuses: Readonly<Record<string, Status>> = {
  IN_PROGRESS: { kind: 'running', word: 'Running' },
  SUCCEEDED: { kind: 'success', word: 'Passed' },
  EXECUTION_FAILED: { kind: 'failure', word: 'Could not run' },
  SKIPPED: { kind: 'skipped', word: 'Skipped' },
};

/** How a check's last execution reads. A failed check of severity WARN only warns. */
export function checkStatus(status: string | null | undefined, severity?: string | null): Status {
  if (!status) return { kind: 'none', word: 'Not run' };
  if (status === 'FAILED') {
    return severity === 'WARN' ? { kind: 'warn', word: 'Warning' } : { kind: 'failure', word: 'Failed' };
  }
  return checkStatuses[status] ?? { kind: 'none', word: status };
}

const order: readonly StatusKind[] = [
  'failure',
  'missed',
  'late',
  'warn',
  'waiting',
  'retry',
  'stale',
  'running',
  'starting',
  'canceling',
  'queued',
  'canceled',
  'missing',
  'skipped',
  'expected',
  'none',
  'success',
];

/** Sorts the worse status first. */
export function compareStatus(a: StatusKind, b: StatusKind): number {
  return order.indexOf(a) - order.indexOf(b);
}

/** The status that a batch shows: its worst. */
export function worstStatus(kinds: readonly StatusKind[]): StatusKind {
  let worst: StatusKind = 'success';
  for (const kind of kinds) if (compareStatus(kind, worst) < 0) worst = kind;
  return worst;
}
