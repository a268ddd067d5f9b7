import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { keyText } from '../../components/format/asset-key';
import type { ApiError } from '../../graphql/api-error';
import type { ColumnLineageResult } from '../../graphql/generated';
import { request } from '../../graphql/request';
import { columnLineageDocument } from './column-lineage.graphql';
import {
  type ColumnFacts,
  type ColumnGraph,
  type ColumnRef,
  type Steps,
  traceColumns,
} from './trace-columns';

type Node = ColumnLineageResult['assetNodes'][number];

/** Assets of one request: a level of a wide lineage takes several. */
const atOnce = 200;

/** The latest materialization's word counts; before there is one, the definition's. */
function toFacts(node: Node): ColumnFacts {
  const entries = [...(node.assetMaterializations[0]?.metadataEntries ?? []), ...node.metadataEntries];
  const entry = entries.find((each) => each.__typename === 'TableColumnLineageMetadataEntry');
  const lineage = entry?.__typename === 'TableColumnLineageMetadataEntry' ? entry.lineage : [];
  return {
    asset: keyText(node.assetKey),
    sources: new Map(
      lineage.map(({ columnName, columnDeps }) => [
        columnName,
        columnDeps.map(({ assetKey, columnName: column }) => ({ asset: keyText(assetKey), column })),
      ]),
    ),
    downstream: node.dependedByKeys.map(keyText),
  };
}

/** Where a column comes from and where it goes to. */
export function useColumnLineage(start: ColumnRef, steps: Steps): UseQueryResult<ColumnGraph, ApiError> {
  return useQuery<ColumnGraph, ApiError>({
    queryKey: [columnLineageDocument.name, start, steps],
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      traceColumns(start, steps, async (assets) => {
        const facts: ColumnFacts[] = [];
        for (let at = 0; at < assets.length; at += atOnce) {
          const assetKeys = assets.slice(at, at + atOnce).map((asset) => ({ path: asset.split('/') }));
          const { assetNodes } = await request(columnLineageDocument, { assetKeys }, signal);
          facts.push(...assetNodes.map(toFacts));
        }
        return facts;
      }),
  });
}
