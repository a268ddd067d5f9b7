import type { StatusKind } from '../../components/status';
import type { LaunchBackfillParams } from '../../graphql/generated';

/** What a backfill is to make: assets, whose partitions have a status, or a job. */
export type BackfillTarget =
  | { readonly kind: 'assets'; readonly paths: readonly (readonly string[])[] }
  | {
      readonly kind: 'job';
      readonly name: string;
      readonly locationName: string;
      readonly repositoryName: string;
    };

export interface PartitionChoice {
  readonly key: string;
  /** Undefined where nothing is known of it: of a job. */
  readonly kind?: StatusKind;
}

/** Which partitions; `holes` are those that are missing or failed. `failure` is of jobs only: each partition's last run goes on where it failed. */
export type LaunchChoice =
  | { readonly by: 'range'; readonly from: string; readonly to: string }
  /** Of two dimensions, where a range of pairs means nothing. */
  | { readonly by: 'keys'; readonly keys: readonly string[]; readonly problem: string | undefined }
  | { readonly by: 'latest' | 'holes' | 'missing' | 'failed' | 'all' | 'failure' };

/** The chosen keys in the order of the partitions. A range that is turned round, or of unknown keys, is empty. */
export function chosenKeys(partitions: readonly PartitionChoice[], choice: LaunchChoice): readonly string[] {
  switch (choice.by) {
    case 'range': {
      const from = partitions.findIndex(({ key }) => key === choice.from);
      const to = partitions.findIndex(({ key }) => key === choice.to);
      return from < 0 || to < 0 ? [] : partitions.slice(from, to + 1).map(({ key }) => key);
    }
    case 'keys':
      return choice.keys;
    case 'latest':
      return partitions.slice(-1).map(({ key }) => key);
    case 'missing':
      return partitions.filter(({ kind }) => kind === 'missing').map(({ key }) => key);
    case 'holes':
      return partitions.filter(({ kind }) => kind === 'missing' || kind === 'failure').map(({ key }) => key);
    case 'failed':
      return partitions.filter(({ kind }) => kind === 'failure').map(({ key }) => key);
    case 'all':
    case 'failure':
      return partitions.map(({ key }) => key);
  }
}

/** The choice of everything that is missing or failed, as far as there is both. */
export function fillChoice(partitions: readonly PartitionChoice[]): LaunchChoice['by'] {
  const has = (wanted: StatusKind) => partitions.some(({ kind }) => kind === wanted);
  if (!has('failure')) return 'missing';
  return has('missing') ? 'holes' : 'failed';
}

/** Why a choice cannot be launched; undefined when it can. */
export function choiceProblem(
  partitions: readonly PartitionChoice[],
  choice: LaunchChoice,
): string | undefined {
  if (choice.by === 'range') {
    for (const key of [choice.from, choice.to]) {
      if (key === '') return 'Choose the first and the last partition';
      if (!partitions.some((each) => each.key === key)) return `No partition “${key}”`;
    }
    if (chosenKeys(partitions, choice).length === 0) return 'The last partition is before the first';
  }
  if (choice.by === 'keys' && choice.problem) return choice.problem;
  return chosenKeys(partitions, choice).length === 0 ? 'There is none' : undefined;
}

/** A job's partition set is called so. */
const partitionSetOf = (jobName: string): string => `${jobName}_partition_set`;

/** What is said of a backfill for whoever sees it later. */
export interface BackfillDetails {
  readonly title: string;
  readonly description: string;
  /** Of its runs. */
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

export const noDetails: BackfillDetails = { title: '', description: '', tags: [] };

export function launchParams(
  target: BackfillTarget,
  partitions: readonly PartitionChoice[],
  choice: LaunchChoice,
  { title, description, tags }: BackfillDetails,
): LaunchBackfillParams {
  const what =
    target.kind === 'assets'
      ? { assetSelection: target.paths.map((path) => ({ path })) }
      : {
          selector: {
            partitionSetName: partitionSetOf(target.name),
            repositoryName: target.repositoryName,
            repositoryLocationName: target.locationName,
          },
        };
  const all = choice.by === 'all' || choice.by === 'failure';
  return {
    ...what,
    ...(all ? { allPartitions: true } : { partitionNames: chosenKeys(partitions, choice) }),
    ...(choice.by === 'failure' ? { fromFailure: true } : {}),
    ...(title.trim() === '' ? {} : { title: title.trim() }),
    ...(description.trim() === '' ? {} : { description: description.trim() }),
    ...(tags.length === 0 ? {} : { tags }),
  };
}
