/** Sets alarms. An alarm only wakes the engine; what is due is decided by cron and storage. */
export interface Scheduler {
  /** Wakes the engine at (or soon after) the earliest of these instants, epoch ms; replaces earlier alarms. */
  setAlarm(at: number | null): Promise<void>;
}
