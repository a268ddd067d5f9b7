import { type FilterKey, matchesPattern, parseFilter, tokenProblem } from '../../components/filter-tokens';
import { isAdHocJob, keyText, keyToUrl } from '../../components/format/asset-key';
import { cronWords } from '../../components/format/cron-words';
import { plural } from '../../components/format/number';
import { partitionWords } from '../../components/partition-grid';
import type { DefinitionsResult } from '../../graphql/generated';
import type { OpDefinition } from './op-rows';

export const definitionKinds = [
  'asset',
  'check',
  'job',
  'graph',
  'op',
  'partitions',
  'resource',
  'schedule',
  'sensor',
] as const;
export type DefinitionKind = (typeof definitionKinds)[number];

export interface DefinitionRow {
  readonly id: string;
  readonly kind: DefinitionKind;
  readonly name: string;
  readonly location: string;
  /** Group of an asset, times of a schedule. */
  readonly detail: string;
  readonly description: string;
  /** Its page; undefined of a resource or an op, which a panel beside the list shows. */
  readonly address: string | undefined;
  readonly resource?: ResourceDetails;
  /** Schedules of the jobs that use a resource. */
  readonly schedules?: readonly string[];
  readonly op?: OpDefinition;
}

export type DefinitionEntries = Extract<
  DefinitionsResult['workspaceOrError'],
  { readonly __typename: 'Workspace' }
>['locationEntries'];
type Repository = NonNullable<DefinitionEntries[number]['lastGoodLocation']>['repositories'][number];
export type ResourceDetails = Repository['allTopLevelResourceDetails'][number];

/** The jobs that somebody defined. */
export const jobsUsing = (resource: ResourceDetails) =>
  resource.jobsOpsUsing.filter(({ jobName }) => !isAdHocJob(jobName));

/** Keys that an address names at most: it leads to the catalog. */
const mostKeys = 50;

/** Partitions definitions have no name of their own: what is said of one, and the assets that have it. */
function partitionsDefinitions(assets: Repository['assetNodes']) {
  const partitioned = assets.filter((asset) => asset.partitionDefinition !== null);
  return Map.groupBy(partitioned, ({ partitionDefinition: definition }) => {
    const dimensions = definition?.dimensionTypes ?? [];
    if (dimensions.length > 1)
      return dimensions.map((each) => `${each.name}: ${partitionWords(each.description)}`).join(' × ');
    return definition?.name ?? partitionWords(definition?.description) ?? '';
  });
}

/** Everything that the locations define, by kind, then name; `ops` are asked for by themselves. */
export function definitionRows(
  entries: DefinitionEntries,
  ops: readonly DefinitionRow[] = [],
): readonly DefinitionRow[] {
  const rows = entries.flatMap(({ name: location, lastGoodLocation }) =>
    (lastGoodLocation?.repositories ?? []).flatMap((repository): readonly DefinitionRow[] => {
      const row = (
        kind: DefinitionKind,
        name: string,
        description: string | null,
        detail: string,
        address: string | undefined,
      ): DefinitionRow => ({
        id: `${kind}:${location}:${name}`,
        kind,
        name,
        location,
        detail,
        description: description ?? '',
        address,
      });
      const panel = (page: string, name: string) =>
        `${page}?open=${encodeURIComponent(`${location}:${name}`)}`;
      return [
        ...repository.assetNodes.map((asset) =>
          row(
            'asset',
            keyText(asset.assetKey),
            asset.description,
            [
              asset.groupName,
              ...asset.kinds,
              ...(asset.partitionDefinition === null ? [] : ['partitioned']),
            ].join(' · '),
            `/assets/${keyToUrl(asset.assetKey)}`,
          ),
        ),
        ...repository.assetNodes.flatMap(({ assetKey, assetChecksOrError }) =>
          assetChecksOrError.__typename === 'AssetChecks'
            ? assetChecksOrError.checks.map((check) =>
                row(
                  'check',
                  `${keyText(assetKey)}: ${check.name}`,
                  check.description,
                  check.blocking ? 'blocking' : 'does not block',
                  `/assets/${keyToUrl(assetKey)}?tab=checks&check=${encodeURIComponent(check.name)}`,
                ),
              )
            : [],
        ),
        ...[...partitionsDefinitions(repository.assetNodes)].map(([name, assets]) =>
          row(
            'partitions',
            name,
            null,
            `of ${plural(assets.length, 'asset')}`,
            `/assets?q=${encodeURIComponent(
              `key:${assets
                .slice(0, mostKeys)
                .map((asset) => keyText(asset.assetKey))
                .join(',')}`,
            )}`,
          ),
        ),
        ...repository.allTopLevelResourceDetails.map((resource) => ({
          ...row(
            'resource',
            resource.name,
            resource.description,
            `for ${plural(resource.assetKeysUsing.length, 'asset')}, ${plural(jobsUsing(resource).length, 'job')}`,
            undefined,
          ),
          resource,
          schedules: repository.schedules
            .filter(({ pipelineName }) => jobsUsing(resource).some(({ jobName }) => jobName === pipelineName))
            .map(({ name }) => name),
        })),
        ...repository.jobs
          .filter((job) => !isAdHocJob(job.name))
          .map((job) =>
            row(
              'job',
              job.name,
              job.description,
              job.isAssetJob ? 'of assets' : 'of ops',
              `/jobs/${encodeURIComponent(location)}/${encodeURIComponent(job.name)}`,
            ),
          ),
        ...repository.schedules.map((schedule) =>
          row(
            'schedule',
            schedule.name,
            schedule.description,
            cronWords(schedule.cronSchedule) ?? schedule.cronSchedule,
            panel('/schedules', schedule.name),
          ),
        ),
        ...repository.sensors.map((sensor) =>
          row(
            'sensor',
            sensor.name,
            sensor.description,
            sensor.sensorType.toLowerCase().replaceAll('_', ' '),
            panel('/sensors', sensor.name),
          ),
        ),
      ];
    }),
  );
  return [...rows, ...ops].sort(
    (a, b) =>
      definitionKinds.indexOf(a.kind) - definitionKinds.indexOf(b.kind) ||
      a.name.localeCompare(b.name) ||
      a.location.localeCompare(b.location),
  );
}

export function definitionFilterKeys(rows: readonly DefinitionRow[]): readonly FilterKey[] {
  return [
    { key: 'kind', values: definitionKinds.map((value) => ({ value })) },
    { key: 'location', values: [...new Set(rows.map((row) => row.location))].map((value) => ({ value })) },
    { key: 'name' },
  ];
}

/** The rows that every token of a filter line holds for; a word without a key is looked for in all that is said. */
export function filterDefinitions(rows: readonly DefinitionRow[], text: string): readonly DefinitionRow[] {
  const keys = definitionFilterKeys([]);
  const tokens = parseFilter(text).filter((token) => !tokenProblem(token, keys));
  return rows.filter((row) =>
    tokens.every((token) => {
      const holds = token.values.some((value) => {
        if (token.key === 'kind') return row.kind === value;
        if (token.key === 'location') return row.location === value;
        const said = token.key === 'name' ? row.name : `${row.name} ${row.detail} ${row.description}`;
        return matchesPattern(said, value);
      });
      return holds !== token.exclude;
    }),
  );
}
