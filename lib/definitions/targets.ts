import type { AssetSelection, JobDefinition } from './job';

/** What a schedule or sensor runs: a job by itself or by name, or a selection of assets. */
export type Target =
  | { readonly job: JobDefinition | string; readonly select?: never }
  | { readonly select: AssetSelection; readonly job?: never };

/** What a sensor runs: as a schedule, or one of several jobs, chosen by its run requests; or nothing. */
export type SensorTarget =
  | (Target & { readonly jobs?: never })
  | { readonly jobs: readonly (JobDefinition | string)[]; readonly job?: never; readonly select?: never }
  | { readonly jobs?: never; readonly job?: never; readonly select?: never };

/** A target with its form made plain. */
export interface TargetDetails {
  readonly jobs: readonly (JobDefinition | string)[];
  readonly select: AssetSelection | null;
}

export function toTarget(target: SensorTarget): TargetDetails {
  if (target.jobs !== undefined) return { jobs: target.jobs, select: null };
  if (target.job !== undefined) return { jobs: [target.job], select: null };
  return { jobs: [], select: target.select ?? null };
}
