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

export type MetricName = (typeof METRIC)[keyof typeof METRIC];

/** CloudWatch's names of their units. */
export const METRIC_UNIT: Readonly<Record<MetricName, 'Seconds' | 'Milliseconds'>> = {
  [METRIC.queueAge]: 'Seconds',
  [METRIC.tickLag]: 'Seconds',
  [METRIC.claimTime]: 'Milliseconds',
};
