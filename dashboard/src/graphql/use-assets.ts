import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ApiError } from './api-error';
import { assetCatalogDocument, assetsLatestDocument } from './assets.graphql';
import type { AssetCatalogResult, AssetsLatestResult } from './generated';
import { pollInterval, useLiveQuery } from './use-live-query';

export type AssetCatalogNode = AssetCatalogResult['assetNodes'][number];
export type AssetLatestRow = AssetsLatestResult['assetsLatestInfo'][number];

/** From this many assets on the latest state is polled rarely. */
const manyAssets = 500;

export function useAssetCatalog(): UseQueryResult<readonly AssetCatalogNode[], ApiError> {
  return useLiveQuery(
    assetCatalogDocument,
    {},
    { interval: pollInterval.slow, select: (answer) => answer.assetNodes },
  );
}

/** The latest state of assets by `path` joined with `/`. */
export function useAssetsLatest(
  nodes: readonly { readonly assetKey: { readonly path: readonly string[] } }[] | undefined,
): ReadonlyMap<string, AssetLatestRow> | undefined {
  const assetKeys = useMemo(() => (nodes ?? []).map((node) => ({ path: node.assetKey.path })), [nodes]);
  const { data } = useLiveQuery(
    assetsLatestDocument,
    { assetKeys },
    {
      enabled: assetKeys.length > 0,
      interval: assetKeys.length > manyAssets ? 15_000 : 2_000,
      select: (answer) => answer.assetsLatestInfo,
    },
  );
  return useMemo(() => data && new Map(data.map((row) => [row.assetKey.path.join('/'), row])), [data]);
}
