import type { ColumnLineageResult, ColumnLineageVariables } from '../../graphql/generated';
import { gql } from '../../graphql/gql';

/** What some assets' latest materializations say of their columns, else their definitions. */
export const columnLineageDocument = gql<ColumnLineageResult, ColumnLineageVariables>`
  query ColumnLineage($assetKeys: [AssetKeyInput!]!) {
    assetNodes(assetKeys: $assetKeys) {
      id
      assetKey { path }
      dependedByKeys { path }
      metadataEntries {
        __typename
        ... on TableColumnLineageMetadataEntry {
          lineage { columnName columnDeps { assetKey { path } columnName } }
        }
      }
      assetMaterializations(limit: 1) {
        metadataEntries {
          __typename
          ... on TableColumnLineageMetadataEntry {
            lineage { columnName columnDeps { assetKey { path } columnName } }
          }
        }
      }
    }
  }
`;
