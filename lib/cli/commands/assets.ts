import type { HeadraceClient } from '../../client';
import { confirm } from '../confirm';
import { CliError, EXIT } from '../errors';
import type { Output } from '../output';
import { ERROR_FIELDS, type MaybeRefused, throwIfRefused } from '../refusal';

const toPath = (key: string): string[] => key.split('/');

async function mutate(
  client: HeadraceClient,
  mutation: string,
  declared: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<void> {
  const answer = await client.graphql<Record<string, MaybeRefused>>(
    `mutation (${declared}) { ${mutation} { __typename ${ERROR_FIELDS} } }`,
    variables,
  );
  throwIfRefused(Object.values(answer)[0]);
}

export interface ReportOptions {
  readonly partition?: readonly string[];
  readonly observation?: boolean;
  readonly description?: string;
}

/** `headrace asset report <key>`: says that something happened to an asset outside of any run. */
export async function reportAsset(
  client: HeadraceClient,
  asset: string,
  { partition, observation = false, description }: ReportOptions,
  output: Output,
): Promise<number> {
  await mutate(
    client,
    'reportRunlessAssetEvents(eventParams: $params)',
    '$params: ReportRunlessAssetEventsParams!',
    {
      params: {
        eventType: observation ? 'ASSET_OBSERVATION' : 'ASSET_MATERIALIZATION',
        assetKey: { path: toPath(asset) },
        ...(partition === undefined ? {} : { partitionKeys: partition }),
        ...(description === undefined ? {} : { description }),
      },
    },
  );
  const of = partition === undefined ? '' : `, partition ${partition.join(', ')}`;
  const what = observation ? 'An observation' : 'A materialization';
  output.result({ asset, partitions: partition ?? null }, () =>
    output.line(`${what} of ${asset}${of} is recorded.`),
  );
  return EXIT.ok;
}

export interface WipeOptions {
  readonly partition?: readonly string[];
  readonly range?: string;
  readonly yes?: boolean;
}

/** `headrace asset wipe <key>`: forgets what happened to an asset, or to some of its partitions. */
export async function wipeAsset(
  client: HeadraceClient,
  asset: string,
  { partition, range, yes }: WipeOptions,
  output: Output,
): Promise<number> {
  const ranges = rangesOf(partition, range);
  const what =
    ranges === null
      ? `all of ${asset}`
      : `${ranges.map(({ start, end }) => (start === end ? start : `${start}...${end}`)).join(', ')} of ${asset}`;
  if (!(await confirm(`Forget what was made and observed: ${what}?`, { yes: yes ?? false }))) {
    output.note('Nothing was changed.');
    return EXIT.failed;
  }
  await mutate(
    client,
    'wipeAssets(assetPartitionRanges: $ranges)',
    '$ranges: [PartitionsByAssetSelector!]!',
    {
      ranges: [{ assetKey: { path: toPath(asset) }, ...(ranges === null ? {} : { partitions: { ranges } }) }],
    },
  );
  output.result({ asset, ranges }, () => output.line(`Forgotten: ${what}. Its data was not touched.`));
  return EXIT.ok;
}

function rangesOf(
  partitions: readonly string[] | undefined,
  range: string | undefined,
): readonly { readonly start: string; readonly end: string }[] | null {
  const single = (partitions ?? []).map((key) => ({ start: key, end: key }));
  if (range === undefined) return partitions === undefined ? null : single;
  const [start = '', end = '', more] = range.split('...');
  if (start === '' || end === '' || more !== undefined) {
    throw new CliError(`--range ${range}: a range is written first...last.`);
  }
  return [...single, { start, end }];
}

export interface PartitionOptions {
  readonly location: string;
  readonly wipe?: boolean;
}

const selector = (location: string) => ({
  repositoryLocationName: location,
  repositoryName: '__repository__',
});

/** `headrace partition add|delete <definition> <keys...>`: keys of dynamic partitions. */
export async function changePartitions(
  client: HeadraceClient,
  kind: 'add' | 'delete',
  definition: string,
  keys: readonly string[],
  { location, wipe = false }: PartitionOptions,
  output: Output,
): Promise<number> {
  const declared = '$selector: RepositorySelector!, $name: String!';
  const variables = { selector: selector(location), name: definition };
  if (kind === 'delete') {
    await mutate(
      client,
      'deleteDynamicPartitions(repositorySelector: $selector, partitionsDefName: $name, partitionKeys: $keys, wipeMaterializations: $wipe)',
      `${declared}, $keys: [String!]!, $wipe: Boolean`,
      { ...variables, keys, wipe },
    );
  } else {
    for (const key of keys) {
      await mutate(
        client,
        'addDynamicPartition(repositorySelector: $selector, partitionsDefName: $name, partitionKey: $key)',
        `${declared}, $key: String!`,
        { ...variables, key },
      );
    }
  }
  const done = kind === 'add' ? 'Added to' : 'Deleted from';
  output.result({ definition, location, keys }, () =>
    output.line(`${done} ${definition} of ${location}: ${keys.join(', ')}.`),
  );
  return EXIT.ok;
}
