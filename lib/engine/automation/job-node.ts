import type { JobManifest, Manifest } from '../../model/manifest';
import type { RunRequest } from '../../model/run-request';
import type { AutomationAsset } from './automation-graph';
import { automationTags } from './automation-tags';
import type { AutomationOutcome } from './evaluate-automation';
import { EMPTY, UNPARTITIONED } from './subset';

/** No asset's key begins so. */
const PREFIX = '@job/';

/** By what a job with a condition is known among assets and checks. */
export const jobKey = (location: string, job: string): string => `${PREFIX}${location}/${job}`;

export const isJobKey = (key: string): boolean => key.startsWith(PREFIX);

export const jobNameOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1);

export const locationOf = (key: string): string => key.slice(PREFIX.length, key.lastIndexOf('/'));

/** A location's jobs that have a condition. */
export const automatedJobs = ({ jobs }: Pick<Manifest, 'jobs'>): readonly JobManifest[] =>
  jobs.filter(({ automationCondition }) => automationCondition !== undefined);

/** The assets of a job that need none of its others. */
export function rootAssets({ assets }: Pick<Manifest, 'assets'>, job: JobManifest): readonly string[] {
  const chosen = new Set(job.assets);
  return assets
    .filter(({ key }) => chosen.has(key))
    .filter(({ key, dependencies }) => !dependencies.some((each) => each.key !== key && chosen.has(each.key)))
    .map(({ key }) => key)
    .sort();
}

/** A job as a node of the graph: nothing is downstream of it, and its dependencies are its root assets. */
export function jobNode(manifest: Manifest, job: JobManifest): AutomationAsset {
  const key = jobKey(manifest.location, job.name);
  const parents = rootAssets(manifest, job);
  return {
    key,
    location: manifest.location,
    manifest: {
      key,
      op: job.name,
      dependencies: parents.map((parent) => ({ key: parent, kind: 'ordering', input: null, mapping: null })),
      group: '',
      description: job.description,
      tags: job.tags,
      kinds: [],
      owners: job.owners,
      metadata: job.metadata,
      codeVersion: null,
      partitions: job.partitions,
      automationCondition: job.automationCondition ?? null,
      freshnessPolicy: null,
      backfillPolicy: null,
      ioManager: '',
      source: job.source,
    },
    parents,
    children: [],
    checks: [],
    madeTogether: [],
  };
}

/** The runs of jobs whose conditions asked for them: of a partitioned job one for each partition. */
export function planJobRuns(
  manifest: Manifest,
  { requests }: Pick<AutomationOutcome, 'requests'>,
  evaluationId: number,
): readonly RunRequest[] {
  return automatedJobs(manifest).flatMap(({ name, defaultConfig }) =>
    [...(requests.get(jobKey(manifest.location, name)) ?? EMPTY)].map((partition) => ({
      runKey: null,
      jobName: name,
      config: defaultConfig,
      tags: automationTags(evaluationId),
      partitionKey: partition === UNPARTITIONED ? null : partition,
      assetSelection: null,
      assetCheckSelection: null,
    })),
  );
}
