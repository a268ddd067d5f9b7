import type { Logger, SensorEvaluation } from '../definitions/loaded-definitions';
import type { ScheduleDefinition } from '../definitions/schedule';
import type { SensorDefinition } from '../definitions/sensor';
import { lastPartitionKey } from '../model/partitions';
import type { InstigatorResult } from '../model/run-request';
import type { DeliveredEvent } from '../model/sensor-event';
import { TestRunError } from './run-in-memory';
import type { TestLog } from './test-result';

/** What a tick came to. */
export interface EvaluationResult extends InstigatorResult {
  readonly logs: readonly Omit<TestLog, 'stepKey'>[];
}

/**
 * Evaluates a schedule's tick. A schedule without a function asks for one run of its target.
 *
 * @example
 * const { runRequests } = await evaluateSchedule(workdays, { scheduledAt: '2026-12-25T09:00:00Z' });
 * expect(runRequests).toEqual([]);
 */
export async function evaluateSchedule(
  schedule: ScheduleDefinition,
  options: {
    /** The instant that the tick stands for: ISO text or date. */
    readonly scheduledAt: string | Date;
    /** Fakes for its resources, by the name that it gives them. */
    readonly resources?: Readonly<Record<string, unknown>>;
  },
): Promise<EvaluationResult> {
  const scheduledAt = new Date(options.scheduledAt);
  const { logs, log } = collectLogs();
  if (schedule.evaluate !== null) {
    const resources = fakesFor(schedule.resources, options.resources ?? {});
    const result = await schedule.evaluate({ scheduledAt, resources: resources as never, log });
    const runRequests = result.runRequests.map((request) => ({
      ...request,
      tags: { ...schedule.runTags, ...request.tags },
    }));
    return { ...result, runRequests, logs };
  }
  const [job] = schedule.target.jobs;
  const spec = typeof job === 'object' ? (job.partitions ?? null) : null;
  return {
    runRequests: [
      {
        runKey: null,
        jobName: null,
        config: schedule.config,
        tags: schedule.runTags,
        partitionKey: spec?.type === 'time_window' ? lastPartitionKey(spec, scheduledAt.getTime()) : null,
        assetSelection: null,
        assetCheckSelection: null,
      },
    ],
    skipReason: null,
    cursor: null,
    dynamicPartitionsRequests: [],
    logs,
  };
}

/** What a test says of an event; the rest is made up. */
export type TestEvent = Partial<Omit<DeliveredEvent, 'receivedAt'>> & { readonly receivedAt?: string | Date };

/**
 * Evaluates a sensor once; one that takes events, with an event.
 *
 * @example
 * const { runRequests } = await evaluateSensor(orders, { event: { id: 'o-1', body: { order: 'o-1' } } });
 * @example
 * const result = await evaluateSensor(newFiles, { cursor: 'b.csv', resources: { bucket: fakeBucket } });
 * expect(result.runRequests.map(({ runKey }) => runKey)).toEqual(['c.csv']);
 */
export async function evaluateSensor(
  sensor: SensorDefinition,
  options: Partial<Omit<SensorEvaluation, 'event'>> & {
    readonly resources?: Readonly<Record<string, unknown>>;
    /** For a sensor that takes events. */
    readonly event?: TestEvent;
  } = {},
): Promise<EvaluationResult> {
  if (sensor.evaluate === null) {
    throw new TestRunError(
      `Sensor ${sensor.name} evaluates automation conditions: it has no function to test.`,
    );
  }
  if (sensor.on !== null && options.event === undefined) {
    throw new TestRunError(`Sensor ${sensor.name} takes events: give it one, { event: { body: ... } }.`);
  }
  const { logs, log } = collectLogs();
  const { cursor = null, lastTickStartedAt = null, lastRunKey = null } = options;
  const result = await sensor.evaluate(
    {
      cursor,
      lastTickStartedAt: lastTickStartedAt === null ? null : new Date(lastTickStartedAt),
      lastRunKey,
      resources: fakesFor(sensor.resources, options.resources ?? {}) as never,
      log,
    },
    {
      cursor,
      lastTickStartedAt,
      lastRunKey,
      runStatusChanges: options.runStatusChanges ?? [],
      assetUpdates: options.assetUpdates ?? [],
      event: options.event === undefined ? null : toDelivered(options.event),
    },
  );
  return { ...result, logs };
}

function toDelivered({ receivedAt = new Date(0), ...event }: TestEvent): DeliveredEvent {
  return {
    id: 'event-1',
    body: {},
    headers: {},
    attempt: 1,
    ...event,
    receivedAt: new Date(receivedAt).getTime(),
  };
}

/** Schedules and sensors in tests get fakes only: nothing outside is set up for a decision. */
function fakesFor(
  resources: Readonly<Record<string, unknown>>,
  fakes: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const missing = Object.keys(resources).filter((name) => !(name in fakes));
  if (missing.length > 0)
    throw new TestRunError(`Give fakes for ${missing.join(', ')}: { resources: { ... } }.`);
  return fakes;
}

function collectLogs(): { readonly logs: Omit<TestLog, 'stepKey'>[]; readonly log: Logger } {
  const logs: Omit<TestLog, 'stepKey'>[] = [];
  const at = (level: string) => (message: string) => void logs.push({ level, message });
  return { logs, log: { debug: at('DEBUG'), info: at('INFO'), warning: at('WARNING'), error: at('ERROR') } };
}
