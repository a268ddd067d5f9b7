import { assetOpName } from '../../model/asset-key';
import { validateCron } from '../../model/cron';
import { didYouMean, nearMisses } from '../../model/near-misses';
import { toSeconds } from '../duration';
import { defineAssetJob, type JobDefinition } from '../job';
import { durationProblem, toRetryPolicy } from '../retry';
import type { ScheduleDefinition } from '../schedule';
import type { SensorDefinition } from '../sensor';
import type { TargetDetails } from '../targets';
import type { MistakeList } from './mistakes';
import type { ResolvedJob } from './resolve-jobs';

/** A schedule or sensor with its name and the names of its jobs. */
export interface Named<D> {
  readonly definition: D;
  readonly name: string;
  readonly jobNames: readonly string[];
}

/** Names schedules, sensors and the jobs that stand for their selections. */
export function nameInstigators(
  schedules: readonly ScheduleDefinition[],
  sensors: readonly SensorDefinition[],
  mistakes: MistakeList,
): {
  readonly schedules: readonly Named<ScheduleDefinition>[];
  readonly sensors: readonly Named<SensorDefinition>[];
  readonly implicitJobs: readonly JobDefinition[];
} {
  const implicitJobs: JobDefinition[] = [];
  const jobsOf = (
    name: string,
    { target, source }: ScheduleDefinition | SensorDefinition,
  ): readonly string[] => {
    if (target.select === null) return target.jobs.map((job) => (typeof job === 'string' ? job : job.name));
    const jobName = `${name.replace(/_(schedule|sensor)$/, '')}_job`;
    implicitJobs.push(defineAssetJob({ name: jobName, select: target.select, source }));
    return [jobName];
  };
  const named = <D extends ScheduleDefinition | SensorDefinition>(
    kind: string,
    list: readonly D[],
  ): Named<D>[] => {
    const seen = new Map<string, D>();
    return list.map((definition) => {
      const name = definition.name ?? defaultName(definition.target) ?? '';
      const report = mistakes.of(`${kind}${name === '' ? '' : ` ${name}`}`, definition.source);
      const other = seen.get(name);
      if (name === '') report('it needs a name');
      else if (!/^[A-Za-z0-9_]+$/.test(name)) report('its name may only have letters, digits and "_"');
      else if (other !== undefined)
        report(`another has this name (${other.source.file}:${other.source.line})`);
      seen.set(name, definition);
      return { definition, name, jobNames: jobsOf(name, definition) };
    });
  };
  return { schedules: named('Schedule', schedules), sensors: named('Sensor', sensors), implicitJobs };
}

/** `<job>_schedule`, or after the only asset. */
function defaultName({ jobs, select }: TargetDetails): string | undefined {
  const [job] = jobs;
  if (job !== undefined) return `${typeof job === 'string' ? job : job.name}_schedule`;
  const [item] = Array.isArray(select) ? select : [select];
  const isSingle = item !== null && (!Array.isArray(select) || select.length === 1);
  const key = isSingle && typeof item === 'object' && 'isAsset' in item ? item.key : undefined;
  return key === undefined ? undefined : `${assetOpName(key)}_schedule`;
}

/** Cron and time zone of a schedule: its own, or those of its job's time windows. */
export function cronOf(
  { definition, jobNames }: Named<ScheduleDefinition>,
  jobs: ReadonlyMap<string, ResolvedJob>,
): { readonly cron: readonly string[]; readonly timezone: string } {
  const partitions = jobs.get(jobNames[0] ?? '')?.partitions ?? null;
  const windows = partitions?.type === 'time_window' ? partitions : null;
  return {
    cron: definition.cron ?? (windows === null ? [] : [windows.cron]),
    timezone: definition.timezone ?? windows?.timezone ?? 'UTC',
  };
}

/** Reports what is wrong with schedules. */
export function checkSchedules(
  schedules: readonly Named<ScheduleDefinition>[],
  jobs: ReadonlyMap<string, ResolvedJob>,
  mistakes: MistakeList,
): void {
  for (const schedule of schedules) {
    const { definition, name, jobNames } = schedule;
    const report = mistakes.of(`Schedule ${name}`, definition.source);
    if (jobNames.length === 0) report('it has nothing to run: give it a job or a selection of assets');
    checkJobs(jobNames, jobs, report);
    const { cron, timezone } = cronOf(schedule, jobs);
    if (cron.length === 0) report('it needs a cron: only a job with time windows brings its own');
    try {
      validateCron(cron, timezone);
    } catch (error) {
      report((error as Error).message);
    }
    const partitions = jobs.get(jobNames[0] ?? '')?.partitions ?? null;
    if (partitions !== null && partitions.type !== 'time_window' && definition.evaluate === null) {
      report(
        `its job has ${partitions.type} partitions: say which one each tick runs, evaluate: () => runRequest({ partition: '...' })`,
      );
    }
  }
}

/** Reports what is wrong with sensors. */
export function checkSensors(
  sensors: readonly Named<SensorDefinition>[],
  jobs: ReadonlyMap<string, ResolvedJob>,
  mistakes: MistakeList,
): void {
  for (const { definition, name, jobNames } of sensors) {
    const report = mistakes.of(`Sensor ${name}`, definition.source);
    checkJobs(jobNames, jobs, report);
    const seconds = toSeconds(definition.minimumInterval);
    if (seconds === undefined) report(durationProblem('minimumInterval', definition.minimumInterval));
    const failures = definition.maxConsecutiveFailures ?? 0;
    if (!Number.isInteger(failures) || failures < 0) {
      report(`maxConsecutiveFailures is ${failures}: give a whole number of failures, or 0 for never`);
    }
    checkEventSource(definition, report);
    if (definition.runStatus?.statuses.length === 0)
      report('it follows no status: give statuses, e.g. ["FAILURE"]');
    for (const { location, jobName } of definition.runStatus?.jobs ?? []) {
      if (location === null && jobName !== null) checkJobs([jobName], jobs, report);
    }
  }
}

function checkEventSource(
  { on, retry, minimumInterval }: SensorDefinition,
  report: (message: string) => void,
): void {
  if (on === null) {
    if (retry !== null) report('retry is for events: a sensor that polls is evaluated again anyway');
    return;
  }
  if (minimumInterval !== 0) report('minimumInterval is for polling: events are evaluated as they come');
  toRetryPolicy(retry ?? undefined, report);
  const { spec } = on;
  if (spec.type === 'webhook') {
    if (spec.secrets.length === 0) report("it needs a secret: webhook({ secret: env('...') })");
    if (spec.secrets.includes(''))
      report("its secret is named, never written, also not as a default: webhook({ secret: env('...') })");
  }
  if (spec.type === 'object_created' && spec.bucket === '') report('it needs a bucket');
}

function checkJobs(
  names: readonly string[],
  jobs: ReadonlyMap<string, ResolvedJob>,
  report: (message: string) => void,
): void {
  for (const job of names) {
    if (!jobs.has(job)) report(`there is no job "${job}".${didYouMean(nearMisses(job, jobs.keys()))}`);
  }
}
