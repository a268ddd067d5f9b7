/** When the schedules and sensors that are on want to be looked at. */
export interface SchedulerTimings {
  readonly schedules: readonly ScheduleTiming[];
  readonly sensors: readonly SensorTiming[];
}

export interface ScheduleTiming {
  /** Several: it ticks whenever one of them does. */
  readonly cron: readonly string[];
  /** IANA name. */
  readonly timezone: string;
}

export interface SensorTiming {
  /** Seconds between starts of evaluations, at least. */
  readonly minimumIntervalSeconds: number;
}
