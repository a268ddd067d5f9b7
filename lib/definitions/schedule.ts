import type { JsonObject } from '../model/json';
import type { RawMetadata } from '../model/metadata';
import type { InstigatorResult } from '../model/run-request';
import type { Tags } from '../model/tags';
import type { Logger } from './loaded-definitions';
import type { ResourceRecord, ResourceValues } from './resource';
import { type EvaluationReturn, toInstigatorResult } from './run-requests';
import { type CapturedSource, captureSource } from './source-capture';
import { type Target, type TargetDetails, toTarget } from './targets';

/** What the function of a schedule is given. */
export interface ScheduleContext<R extends ResourceRecord> {
  /** The instant that the tick stands for. */
  readonly scheduledAt: Date;
  readonly resources: ResourceValues<R>;
  readonly log: Logger;
}

export interface ScheduleBasics<R extends ResourceRecord> {
  /** Default: `<job>_schedule`. Needed for a selection of several assets. */
  readonly name?: string;
  readonly description?: string;
  /** One cron expression or several, e.g. `30 2 * * *`, `@daily`. Default: the cron of the job's time windows. */
  readonly cron?: string | readonly string[];
  /** IANA name. Default `UTC`. */
  readonly timezone?: string;
  /** Default `STOPPED`: somebody turns it on. */
  readonly defaultStatus?: 'RUNNING' | 'STOPPED';
  /** Run config of each run. */
  readonly config?: JsonObject;
  /** Tags of the schedule. */
  readonly tags?: Tags;
  /** Tags of each run. */
  readonly runTags?: Tags;
  readonly metadata?: RawMetadata;
  readonly resources?: R;
  /** Decides at each tick what to run. Without it, each tick runs the target (its latest window, if it has time windows). */
  readonly evaluate?: (context: ScheduleContext<R>) => EvaluationReturn | Promise<EvaluationReturn>;
  readonly source?: CapturedSource;
}

export type ScheduleOptions<R extends ResourceRecord> = ScheduleBasics<R> & Target;

/** Runs a job by the clock. */
export interface ScheduleDefinition {
  readonly kind: 'schedule';
  readonly name: string | null;
  readonly description: string | null;
  readonly cron: readonly string[] | null;
  readonly timezone: string | null;
  readonly defaultStatus: 'RUNNING' | 'STOPPED';
  readonly config: JsonObject;
  readonly tags: Tags;
  readonly runTags: Tags;
  readonly metadata: RawMetadata;
  readonly target: TargetDetails;
  readonly resources: ResourceRecord;
  readonly evaluate: ((context: ScheduleContext<ResourceRecord>) => Promise<InstigatorResult>) | null;
  readonly source: CapturedSource;
}

/**
 * Defines a schedule.
 *
 * @example
 * schedule({ job: rawDaily, cron: '30 2 * * *', timezone: 'Europe/Berlin' });
 * schedule({ name: 'nightly', select: 'group:raw', cron: '@daily', defaultStatus: 'RUNNING' });
 * schedule({ job: report, cron: '0 9 * * 1-5', evaluate: ({ scheduledAt }) => isHoliday(scheduledAt) ? skip('Holiday') : runRequest() });
 */
export function schedule<R extends ResourceRecord = Record<never, never>>(
  options: ScheduleOptions<R>,
): ScheduleDefinition {
  const { cron, evaluate } = options;
  return {
    kind: 'schedule',
    name: options.name ?? null,
    description: options.description ?? null,
    cron: cron === undefined ? null : typeof cron === 'string' ? [cron] : cron,
    timezone: options.timezone ?? null,
    defaultStatus: options.defaultStatus ?? 'STOPPED',
    config: options.config ?? {},
    tags: options.tags ?? {},
    runTags: options.runTags ?? {},
    metadata: options.metadata ?? {},
    target: toTarget(options),
    resources: options.resources ?? {},
    evaluate:
      evaluate === undefined
        ? null
        : async (context) => toInstigatorResult(await evaluate(context as unknown as ScheduleContext<R>)),
    source: options.source ?? captureSource(schedule),
  };
}
