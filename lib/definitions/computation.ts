import type { ZodType } from 'zod';
import type { AssetCheckKey } from '../model/asset-check';
import { type AssetKey, assetOpName } from '../model/asset-key';
import type { AutomationConditionSpec, FreshnessPolicySpec } from '../model/manifest';
import type { RawMetadata } from '../model/metadata';
import type { PartitionMappingSpec } from '../model/partition-mappings';
import type { PartitionsSpec } from '../model/partitions';
import type { Tags } from '../model/tags';
import type { OpEvent, StepContext } from './loaded-definitions';
import type { ResourceDefinition, ResourceRecord } from './resource';
import type { RetryOptions } from './retry';
import type { CapturedSource } from './source-capture';

/** A dependency of an asset or check, as written; `define` resolves it. */
export interface Edge {
  readonly key: AssetKey;
  /** The input's name when the value is loaded; null for order and lineage only. */
  readonly input: string | null;
  readonly mapping: PartitionMappingSpec | null;
  /** An external asset that the edge itself brings into the location. */
  readonly external: AssetDetails | null;
}

/** Everything that describes an asset, whoever computes it. */
export interface AssetDetails {
  readonly key: AssetKey;
  readonly edges: readonly Edge[];
  readonly group: string;
  readonly description: string | null;
  readonly tags: Tags;
  readonly kinds: readonly string[];
  readonly owners: readonly string[];
  readonly metadata: RawMetadata;
  readonly codeVersion: string | null;
  readonly partitions: PartitionsSpec | null;
  readonly automation: AutomationConditionSpec | null;
  readonly freshness: FreshnessPolicySpec | null;
  readonly backfill: { readonly maxPartitionsPerRun: number | null } | null;
  readonly ioManager: string | ResourceDefinition | null;
  /** Whether its computation may leave it out. */
  readonly isOptional: boolean;
  /** Whether its computation looks at it instead of making it. Absent = no. */
  readonly isObservable?: boolean;
  readonly source: CapturedSource;
  /** Mistakes found where it was made. */
  readonly mistakes: readonly string[];
}

/** A check as declared. */
export interface CheckDetails extends AssetCheckKey {
  readonly blocking: boolean;
  readonly description: string | null;
  readonly metadata: RawMetadata;
  /** Absent = evaluated with its asset only. */
  readonly automation?: AutomationConditionSpec;
  readonly source: CapturedSource;
}

/** What user code is told besides its inputs: the step with its resources and config as the user typed them. */
export interface ComputationContext extends Omit<StepContext, 'config' | 'resources'> {
  readonly config: unknown;
  readonly resources: Readonly<Record<string, unknown>>;
  /** Whether an IO manager stores the asset's value. */
  isStored(key: AssetKey): boolean;
}

export interface ComputationInput {
  readonly name: string;
  readonly description: string | null;
  /** Checks the value of an op's input; null = no check. */
  readonly schema: ZodType | null;
  /** The user sees an object by partition key. */
  readonly many: boolean;
}

export interface ComputationOutput {
  readonly name: string;
  readonly description: string | null;
  readonly isDynamic: boolean;
  readonly isRequired: boolean;
  readonly ioManager: string | ResourceDefinition | null;
}

/** A unit of work: an op, or what materializes assets and evaluates checks. Becomes one op of the manifest. */
export interface Computation {
  /** Op's name. */
  readonly name: string;
  readonly description: string | null;
  readonly assets: readonly AssetDetails[];
  readonly checks: readonly CheckDetails[];
  readonly inputs: readonly ComputationInput[];
  /** Outputs of an op; assets have theirs by rule. */
  readonly outputs: readonly ComputationOutput[];
  readonly config: ZodType | null;
  readonly resources: ResourceRecord;
  readonly retry: RetryOptions | null;
  readonly pool: string | null;
  readonly tags: Tags;
  readonly codeVersion: string | null;
  readonly canSubset: boolean;
  readonly isolation: 'shared' | 'process';
  readonly source: CapturedSource;
  execute(context: ComputationContext, inputs: Readonly<Record<string, unknown>>): AsyncIterable<OpEvent>;
}

/** Name of the output of an op that has one; an asset's too, as in Dagster. */
export const SINGLE_OUTPUT = 'result';

/** Name of the output that carries an asset's value: `result`, or in a multi-asset the asset's op name. */
export function assetOutputName(
  { name, assets }: Pick<Computation, 'name' | 'assets'>,
  key: AssetKey,
): string {
  return assets.length === 1 && name === assetOpName(key) ? SINGLE_OUTPUT : assetOpName(key);
}
