import type { AssetCheckSeverity } from '../model/asset-check';
import type { AssetKey } from '../model/asset-key';
import { compareColumns } from '../model/column-changes';
import { freshnessState, nextFreshnessChange } from '../model/freshness';
import type { FreshnessPolicySpec } from '../model/manifest';
import { METADATA, type Metadata, type TableColumn } from '../model/metadata';
import type { PastMaterialization } from '../model/past-materialization';
import { type AssetCheckDefinition, assetCheck } from './asset-check';
import type { AutomationConditionLike } from './asset-details';
import type { AssetReference } from './asset-reference';
import { freshnessProblem } from './freshness';
import { timestamp } from './metadata-kinds';
import { type CapturedSource, captureSource } from './source-capture';

const SECOND_MS = 1_000;

/** What all checks that are made for a list of assets are given. */
export interface CheckFactoryOptions {
  /** One check for each. */
  readonly assets: readonly (AssetReference | AssetKey)[];
  /** Of a failure. Default `WARN`, as in Dagster. */
  readonly severity?: AssetCheckSeverity;
  /** True: a failure of severity ERROR keeps assets downstream from running in the same run. Default false. */
  readonly blocking?: boolean;
  /** When to evaluate them by themselves, beside the runs of their assets. */
  readonly automation?: AutomationConditionLike;
}

/** A check cannot be made of what was given. */
export class CheckFactoryError extends Error {
  override readonly name = 'CheckFactoryError';
}

/**
 * Checks named `freshness_check` that pass while the asset's latest update is as new as a policy asks: its latest
 * materialization, or what its latest observation says in its metadata `dagster/last_updated_timestamp` if that is
 * later. Give them an `automation`: beside the runs of the asset alone they find nothing old. A policy's warning is a
 * failure of severity WARN.
 *
 * @throws {CheckFactoryError} for a policy that makes no sense
 * @example
 * freshnessChecks({
 *   assets: [orders, 'erp/stock'], policy: freshness.cron({ deadlineCron: '0 9 * * *', lowerBoundDelta: '3h' }),
 *   automation: automation.onCron('0 9 * * *'),
 * });
 */
export function freshnessChecks(
  options: CheckFactoryOptions & { readonly policy: FreshnessPolicySpec },
): readonly AssetCheckDefinition[] {
  const { policy, severity = 'WARN' } = options;
  const problem = freshnessProblem(policy);
  if (problem !== undefined) throw new CheckFactoryError(`freshnessChecks: ${problem}.`);
  const description = 'Whether the latest update is as new as it has to be.';
  return checksOf(
    options,
    'freshness_check',
    description,
    captureSource(freshnessChecks),
    async ({ latest, observed, now }) => {
      const at = lastUpdateOf(latest, await observed());
      const state = freshnessState(policy, at, now);
      const freshUntil = state === 'PASS' ? nextFreshnessChange(policy, at, now) : null;
      return {
        passed: state === 'PASS',
        severity: state === 'WARN' ? 'WARN' : severity,
        description: FRESHNESS_WORDS[state],
        metadata: {
          'dagster/freshness_params': { kind: 'json', value: { ...policy } },
          ...(at === null ? {} : { [METADATA.lastUpdatedTimestamp]: timestamp(at) }),
          ...(freshUntil === null ? {} : { 'dagster/fresh_until_timestamp': timestamp(freshUntil) }),
        },
      };
    },
  );
}

const FRESHNESS_WORDS = {
  PASS: 'It is fresh.',
  WARN: 'It is about to be overdue for an update.',
  FAIL: 'It is overdue for an update.',
  UNKNOWN: 'It is not known to have ever been updated.',
} as const;

/** When an asset was last updated, epoch ms: an observation by itself is no update, but may tell of one. */
function lastUpdateOf(
  made: PastMaterialization | undefined,
  observed: PastMaterialization | undefined,
): number | null {
  const told = [made, observed].map((each) => each && toldUpdate(each.metadata));
  const updates = [told[0] ?? made?.timestamp, told[1]].filter((at) => at !== undefined);
  return updates.length === 0 ? null : Math.max(...updates);
}

function toldUpdate(metadata: Metadata): number | undefined {
  const value = metadata[METADATA.lastUpdatedTimestamp];
  return value?.kind === 'timestamp' ? value.value * SECOND_MS : undefined;
}

/**
 * Checks named `column_schema_change` that pass while the columns of the latest materialization are those of the one
 * before: metadata `dagster/column_schema`. They fail on columns that were added, removed or have another type, and
 * where a materialization does not say its columns. Of a partitioned asset any two partitions are compared.
 *
 * @example columnSchemaChangeChecks({ assets: [orders] })
 */
export function columnSchemaChangeChecks(options: CheckFactoryOptions): readonly AssetCheckDefinition[] {
  const { severity = 'WARN' } = options;
  const description = 'Whether columns changed between the two most recent materializations.';
  const source = captureSource(columnSchemaChangeChecks);
  return checksOf(options, 'column_schema_change', description, source, ({ latest, previous }) => {
    if (latest === undefined || previous === undefined)
      return { passed: true, description: 'It was materialized fewer than two times.' };
    const [now, before] = [columnsOf(latest.metadata), columnsOf(previous.metadata)];
    if (now === null)
      return { passed: false, severity, description: 'The latest materialization says no columns.' };
    if (before === null)
      return { passed: false, severity, description: 'The materialization before says no columns.' };
    const changes = compareColumns(before, now);
    return changes.length === 0
      ? { passed: true, description: 'No column changed.' }
      : { passed: false, severity, description: `Columns changed: ${changes.join('; ')}.` };
  });
}

function columnsOf(metadata: Metadata): readonly TableColumn[] | null {
  const value = metadata[METADATA.columnSchema];
  return value?.kind === 'table_schema' ? value.columns : null;
}

/** Between which values a number must be. At least one of both bounds. */
export interface MetadataBounds {
  /** Key of the materialization's metadata. */
  readonly metadataKey: string;
  readonly min?: number;
  readonly max?: number;
  /** Whether `min` itself is too little. Default false. */
  readonly exclusiveMin?: boolean;
  /** Whether `max` itself is too much. Default false. */
  readonly exclusiveMax?: boolean;
}

/**
 * Checks named `<metadataKey>_bounds_check` that pass while a number in the metadata of the latest materialization (of
 * the partition that is checked) is within bounds.
 *
 * @throws {CheckFactoryError} for bounds that nothing is within, or none
 * @example metadataBoundsChecks({ assets: [orders], metadataKey: 'rows', min: 1 })
 */
export function metadataBoundsChecks(
  options: CheckFactoryOptions & MetadataBounds,
): readonly AssetCheckDefinition[] {
  const { metadataKey, min, max, exclusiveMin = false, exclusiveMax = false, severity = 'WARN' } = options;
  if (min === undefined && max === undefined)
    throw new CheckFactoryError(`metadataBoundsChecks of "${metadataKey}": give min, max or both.`);
  if (min !== undefined && max !== undefined && min > max)
    throw new CheckFactoryError(
      `metadataBoundsChecks of "${metadataKey}": min ${min} is greater than max ${max}.`,
    );
  const bounds = [
    ...(min === undefined ? [] : [`${exclusiveMin ? 'greater than' : 'at least'} ${min}`]),
    ...(max === undefined ? [] : [`${exclusiveMax ? 'less than' : 'at most'} ${max}`]),
  ].join(' and ');
  const description = `Whether "${metadataKey}" of the latest materialization is ${bounds}.`;
  const name = `${metadataKey.replaceAll(/[^A-Za-z0-9_]/g, '_')}_bounds_check`;
  const judge = ({ latest }: Seen): Verdict => {
    const failed = (why: string) => ({ passed: false, severity, description: why });
    if (latest === undefined) return failed('It was never materialized.');
    const value = latest.metadata[metadataKey];
    if (value === undefined) return failed(`The latest materialization has no metadata "${metadataKey}".`);
    if (value.kind !== 'int' && value.kind !== 'float')
      return failed(`Metadata "${metadataKey}" is no number but of kind ${value.kind}.`);
    const number = value.value;
    const isLow = min !== undefined && (exclusiveMin ? number <= min : number < min);
    const isHigh = max !== undefined && (exclusiveMax ? number >= max : number > max);
    const metadata = { [metadataKey]: value };
    return isLow || isHigh
      ? { ...failed(`${number} is not ${bounds}.`), metadata }
      : { passed: true, description: `${number} is ${bounds}.`, metadata };
  };
  return checksOf(options, name, description, captureSource(metadataBoundsChecks), judge, true);
}

/** What there is to judge by. */
interface Seen {
  /** Undefined = never materialized. */
  readonly latest: PastMaterialization | undefined;
  readonly previous: PastMaterialization | undefined;
  /** The latest observation; undefined = never observed. */
  observed(): Promise<PastMaterialization | undefined>;
  /** Epoch ms. */
  readonly now: number;
}

type Verdict = Exclude<Awaited<ReturnType<Parameters<typeof assetCheck>[0]['run']>>, boolean>;

function checksOf(
  { assets, blocking = false, automation }: CheckFactoryOptions,
  name: string,
  description: string,
  source: CapturedSource,
  judge: (seen: Seen) => Verdict | Promise<Verdict>,
  /** Whether a run of one partition looks at what was made of that partition. */
  ofPartition = false,
): readonly AssetCheckDefinition[] {
  const keys = new Set(assets.map((asset) => (typeof asset === 'string' ? asset : asset.key)));
  return [...keys].map((asset) =>
    assetCheck({
      asset,
      name,
      description,
      blocking,
      ...(automation === undefined ? {} : { automation }),
      source,
      async run({ materializations, observations, startedAt, partition }) {
        const [only, ...others] = ofPartition ? (partition?.keys ?? []) : [];
        const scope = only === undefined || others.length > 0 ? {} : { partition: only };
        const [latest, previous] = await materializations({ limit: 2, ...scope });
        const observed = async () => (await observations(scope))[0];
        return judge({ latest, previous, observed, now: startedAt });
      },
    }),
  );
}
