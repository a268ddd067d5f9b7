/** A schedule's cron expression and its zone; the second line, below what they mean in words. */
export function CronText({
  schedule,
}: {
  readonly schedule: { readonly cronSchedule: string; readonly executionTimezone: string | null };
}) {
  return (
    <>
      <span className="mono">{schedule.cronSchedule}</span> · {schedule.executionTimezone ?? 'UTC'}
    </>
  );
}
