const daemonNames: Readonly<Record<string, string>> = {
  SCHEDULER: 'Scheduler',
  SENSOR: 'Sensors',
  BACKFILL: 'Backfills',
  QUEUED_RUN_COORDINATOR: 'Run queue',
  MONITORING: 'Run monitoring',
  ASSET: 'Automation conditions',
  FRESHNESS: 'Freshness',
};

/** A daemon's name as people say it. */
export function daemonName(type: string): string {
  return daemonNames[type] ?? type.toLowerCase().replaceAll('_', ' ');
}
