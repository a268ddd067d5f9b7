import type { Tick } from '../model/tick';
import { asSystem, type Instance } from '../ports/instance';
import { afterCommit } from './after-commit';
import type { EngineSettings } from './engine-settings';
import { EngineError } from './errors';
import { findSchedule } from './find-definitions';
import { askSchedule } from './ticks/ask-location';
import { runTick } from './ticks/run-tick';

/**
 * Makes up for one tick that a schedule missed: evaluates it as of its own instant, launches what it asks for, and puts
 * it into the history in place of the missed one. However often it is asked for, it happens once. A tick whose
 * evaluation fails stays missed.
 *
 * @param scheduledAt instant of the missed tick, epoch ms
 * @throws {InstigatorNotFoundError}
 * @throws {EngineError} no tick was missed then, or somebody else is at one of this schedule's
 * @throws as `askSchedule`, when the evaluation fails
 * @example await evaluateMissedTick(instance, settings, { location: 'shop', name: 'nightly' }, Date.UTC(2026, 10, 20, 6))
 */
export async function evaluateMissedTick(
  instance: Instance,
  settings: EngineSettings,
  selector: { readonly location: string; readonly name: string },
  scheduledAt: number,
): Promise<Tick> {
  const { location, schedule } = await findSchedule(instance, selector);
  const [missed] = await instance.storage.expectedTicks({
    schedules: [selector],
    status: 'MISSED',
    cursor: scheduledAt + 1,
    limit: 1,
  });
  if (missed?.scheduledAt !== scheduledAt) {
    throw new EngineError(
      `Schedule '${selector.name}' has no missed tick at ${new Date(scheduledAt).toISOString()}. It may have been made up for already: its history tells.`,
    );
  }
  const evaluation = await askSchedule(instance, settings, location, schedule, scheduledAt);
  // Only the engine records ticks; that the caller may launch here was settled by whoever called.
  const system = asSystem(instance);
  const tick = await runTick(system, settings, {
    id: { kind: 'schedule', ...selector },
    location,
    jobNames: [schedule.jobName],
    scheduledAt,
    timeoutSeconds: settings.schedules.timeout,
    maxRetries: 0,
    patientUntil: 0,
    evaluate: async () => evaluation,
  });
  if (tick === null) {
    throw new EngineError(
      `Another tick of schedule '${selector.name}' is being evaluated. Try again in a moment.`,
    );
  }
  await afterCommit(system, settings);
  return tick;
}
