/** Namespace of the control plane's own metrics, written to its logs in CloudWatch's embedded metric format. */
export const METRIC_NAMESPACE = 'Headrace';

/** Names of those metrics; each has the dimension `instance`. */
export const METRIC = {
  /** Seconds that the oldest run that could run has waited. */
  queueAge: 'QueueAge',
  /** Seconds between a tick's time and its evaluation. */
  tickLag: 'TickLag',
  /** Milliseconds that a claim took. */
  claimTime: 'ClaimTime',
} as const;
