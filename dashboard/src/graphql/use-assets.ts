import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ApiError } from './api-error';
import { type AssetCatalogNode, type AssetLatestRow, toCatalogNodes, toLatestRows } from './asset-rows';
import { assetCatalogDocument, assetStatesDocument } from './assets.graphql';
import { pollInterval, useLiveQuery } from './use-live-query';

export type { AssetCatalogNode, AssetLatestRow };

/** From this many assets on the latest state is polled rarely, and asked for without naming them. */
const manyAssets = 500;

export function useAssetCatalog(): UseQueryResult<readonly AssetCatalogNode[], ApiError> {
  return useLiveQuery(
    assetCatalogDocument,
    {},
    { interval: pollInterval.slow, select: (answer) => toCatalogNodes(answer.assetCatalog) },
  );
}

/** The latest state of assets by `path` joined with `/`. */
export function useAssetsLatest(
  nodes: readonly { readonly assetKey: { readonly path: readonly string[] } }[] | undefined,
): ReadonlyMap<string, AssetLatestRow> | undefined {
  const isMany = (nodes?.length ?? 0) > manyAssets;
  const assetKeys = useMemo(
    () => (isMany ? null : (nodes ?? []).map((node) => ({ path: node.assetKey.path }))),
    [nodes, isMany],
  );
  const { data } = useLiveQuery(
    assetStatesDocument,
    { assetKeys },
    {
      enabled: assetKeys === null || assetKeys.length > 0,
      interval: isMany ? 15_000 : 2_000,
      select: (answer) => toLatestRows(answer.assetStates),
    },
  );
  return useMemo(() => data && new Map(data.map((row) => [row.assetKey.path.join('/'), row])), [data]);
}
