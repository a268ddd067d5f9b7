import { type SerializableError, toSerializableError } from '../model/serializable-error';
import { UserCodeError } from '../ports/code-location-client';
import type { Instance } from '../ports/instance';
import type { EngineSettings } from './engine-settings';
import { InstigatorNotFoundError } from './errors';
import { findLocation, findSchedule, type LoadedLocation } from './find-definitions';
import { askAutomation } from './ticks/ask-automation';
import { askSchedule, askSensor, type Evaluation } from './ticks/ask-location';
import { narrowToStale } from './ticks/narrow-to-stale';
import { indexStates, instigatorKey } from './ticks/next-wake-up';
import { withOwnConfigs } from './ticks/request-configs';

/** What a tick would have done; nothing is launched or stored. */
export type InstigatorPreview =
  | ({ readonly ok: true } & Evaluation)
  | { readonly ok: false; readonly error: SerializableError };

/**
 * Evaluates a schedule as if it ticked at `at` (epoch ms).
 *
 * @throws {InstigatorNotFoundError}
 */
export async function previewSchedule(
  instance: Instance,
  settings: EngineSettings,
  selector: { readonly location: string; readonly name: string },
  at: number,
): Promise<InstigatorPreview> {
  const { location, schedule } = await findSchedule(instance, selector);
  const of = { id: { ...selector, kind: 'schedule' }, jobNames: [schedule.jobName] } as const;
  return preview(
    askSchedule(instance, settings, location, schedule, at).then(narrowed(instance, location, of)),
  );
}

/**
 * Evaluates a sensor from a cursor; one of automation conditions goes on from its own when none is given.
 *
 * @throws {InstigatorNotFoundError}
 */
export async function previewSensor(
  instance: Instance,
  settings: EngineSettings,
  selector: { readonly location: string; readonly name: string },
  cursor: string | null,
): Promise<InstigatorPreview> {
  const location = await findLocation(instance, selector.location);
  const { sensors } = location.manifest;
  const sensor = sensors.find(({ name }) => name === selector.name);
  if (sensor === undefined) {
    const known = sensors.map(({ name }) => name);
    throw new InstigatorNotFoundError('sensor', selector.name, selector.location, known);
  }
  if (sensor.kind === 'PUSH') {
    const message = `Sensor '${sensor.name}' is evaluated for each event that is pushed to it. Send it one: headrace sensor send ${sensor.name} --body event.json.`;
    return { ok: false, error: { name: 'EngineError', message } };
  }
  if (sensor.kind === 'AUTOMATION') {
    const states = indexStates(await instance.storage.instigatorStates());
    const cursorOf = (name: string): string | null =>
      cursor !== null && name === sensor.name
        ? cursor
        : (states.get(instigatorKey({ location: selector.location, kind: 'sensor', name }))?.cursor ?? null);
    return preview(askAutomation(instance, { location, sensor, cursorOf }, { tickId: 0 }));
  }
  const state = { cursor, lastTickStartedAt: null, lastRunKey: null };
  const of = { id: { ...selector, kind: 'sensor' }, jobNames: sensor.jobNames } as const;
  return preview(
    askSensor(instance, settings, location, sensor, state).then(narrowed(instance, location, of)),
  );
}

const narrowed =
  (instance: Instance, location: LoadedLocation, tick: Parameters<typeof narrowToStale>[2]) =>
  async (evaluation: Evaluation): Promise<Evaluation> => {
    const result = await narrowToStale(instance, location.manifest, tick, evaluation.result);
    const runRequests = await withOwnConfigs(instance, location, tick, result.runRequests);
    return { ...evaluation, result: { ...result, runRequests } };
  };

async function preview(evaluation: Promise<Evaluation>): Promise<InstigatorPreview> {
  try {
    return { ok: true, ...(await evaluation) };
  } catch (error) {
    const cause = error instanceof UserCodeError ? (error.cause ?? error) : error;
    return { ok: false, error: toSerializableError(cause) };
  }
}
