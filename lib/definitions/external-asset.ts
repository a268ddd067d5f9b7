import type { AssetKey } from '../model/asset-key';
import type { PartitionsSpec } from '../model/partitions';
import { type AssetDescription, toAssetDetails } from './asset-details';
import type { AssetReference } from './asset-reference';
import type { AssetDetails } from './computation';
import { captureSource } from './source-capture';

/** An asset that is made elsewhere: shown in the graph, never materialized here. */
export interface ExternalAssetDefinition<Value = unknown, P = PartitionsSpec | undefined>
  extends AssetReference<Value, P> {
  readonly kind: 'external_asset';
  readonly externalDetails: AssetDetails;
}

/**
 * Declares an asset that another code location or an outside system makes, so that assets here may depend on
 * it. Assets that depend on it bring it into the location by themselves.
 *
 * @example
 * const orders = externalAsset('erp/orders');
 * const invoices = externalAsset({ key: 'erp/invoices', description: 'Loaded nightly by the ERP', owners: ['team:erp'] });
 */
export function externalAsset<Value = unknown, const P extends PartitionsSpec | undefined = undefined>(
  description: AssetKey | Omit<AssetDescription<P>, 'automation' | 'backfill'>,
): ExternalAssetDefinition<Value, P> {
  const described: AssetDescription<P> = typeof description === 'string' ? { key: description } : description;
  const source = described.source ?? captureSource(externalAsset);
  return {
    isAsset: true,
    kind: 'external_asset',
    key: described.key,
    partitions: described.partitions as P,
    externalDetails: toAssetDetails(described as AssetDescription<PartitionsSpec | undefined>, {}, source),
  };
}
