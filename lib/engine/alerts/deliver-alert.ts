import type { Alert } from '../../model/alert';
import type { Run } from '../../model/run';
import { TAG } from '../../model/tags';
import type { Instance } from '../../ports/instance';
import type { EngineSettings } from '../engine-settings';
import { mayBeRetried } from '../retry-run';
import { describeAlert } from './describe-alert';

/** It takes moments to decide whether a failed run is retried; after so long it is told of anyway. */
const RETRY_DECISION_MS = 10 * 60_000;
/** What could not be delivered for so long interests nobody any more. */
const MAX_AGE_MS = 24 * 3_600_000;

/**
 * Tells people of something, if the settings ask for it. A failed run that is retried is told of only when its last
 * retry has failed.
 *
 * @param id the same for each delivery
 * @returns whether the alert is done with; otherwise it is to be delivered again
 * @throws {PortError} it was not taken
 */
export async function deliverAlert(
  { storage, alertPublisher, clock }: Pick<Instance, 'storage' | 'alertPublisher' | 'clock'>,
  settings: Pick<EngineSettings, 'alerts' | 'runRetries'>,
  id: string,
  alert: Alert,
): Promise<boolean> {
  const age = clock.now() - alert.at;
  if (!settings.alerts.types.includes(alert.type) || age > MAX_AGE_MS) return true;
  const run = alert.type === 'run_failure' ? await storage.getRun(alert.runId) : undefined;
  if (alert.type === 'run_failure') {
    if (run === undefined || !isWanted(run, settings)) return true;
    const decided = run.tags[TAG.willRetry];
    if (decided === 'true') return true;
    if (decided === undefined && mayBeRetried(run, settings) && age < RETRY_DECISION_MS) return false;
  }
  await alertPublisher.publish({ id, alert, ...describeAlert(alert, run) });
  return true;
}

function isWanted({ location, jobName, tags }: Run, { alerts }: Pick<EngineSettings, 'alerts'>): boolean {
  const isJob =
    alerts.jobs.length === 0 ||
    alerts.jobs.some((job) => job === jobName || job === `${location}/${jobName}`);
  return isJob && Object.entries(alerts.tags).every(([key, value]) => tags[key] === value);
}
