import { type FilterKey, matchesPattern, parseFilter, tokenProblem } from '../../components/filter-tokens';
import { isAdHocJob, keyText, keyToUrl } from '../../components/format/asset-key';
import { cronWords } from '../../components/format/cron-words';
import type { DefinitionsResult } from '../../graphql/generated';

export const definitionKinds = ['asset', 'job', 'schedule', 'sensor'] as const;
export type DefinitionKind = (typeof definitionKinds)[number];

export interface DefinitionRow {
  readonly id: string;
  readonly kind: DefinitionKind;
  readonly name: string;
  readonly location: string;
  /** Group of an asset, times of a schedule. */
  readonly detail: string;
  readonly description: string;
  /** Its page. */
  readonly address: string;
}

type Entries = Extract<
  DefinitionsResult['workspaceOrError'],
  { readonly __typename: 'Workspace' }
>['locationEntries'];

/** Everything that the locations define, by kind, then name. */
export function definitionRows(entries: Entries): readonly DefinitionRow[] {
  const rows = entries.flatMap(({ name: location, lastGoodLocation }) =>
    (lastGoodLocation?.repositories ?? []).flatMap((repository): readonly DefinitionRow[] => {
      const row = (
        kind: DefinitionKind,
        name: string,
        description: string | null,
        detail: string,
        address: string,
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
            [asset.groupName, ...asset.kinds, ...(asset.isPartitioned ? ['partitioned'] : [])].join(' · '),
            `/assets/${keyToUrl(asset.assetKey)}`,
          ),
        ),
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
  return rows.sort(
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
