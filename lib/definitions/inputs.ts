import type { PartitionsSpec } from '../model/partitions';
import type { AssetReference, InputRecord } from './asset-reference';
import type { ComputationInput } from './computation';

/** Inputs with whether user code sees one value or an object by partition key: the rule of `InputValues`. */
export function toComputationInputs(
  inputs: InputRecord,
  partitions: PartitionsSpec | null,
): readonly ComputationInput[] {
  return Object.entries(inputs).map(([name, given]) => ({
    name,
    description: null,
    schema: null,
    many:
      'asset' in given
        ? given.many || (partitions === null && isPartitioned(given.asset))
        : partitions === null && isPartitioned(given),
  }));
}

function isPartitioned(asset: AssetReference): boolean {
  return asset.partitions !== undefined;
}
