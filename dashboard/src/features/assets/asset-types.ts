import type { AssetDetailResult } from '../../graphql/generated';

export type Node = Extract<AssetDetailResult['assetNodeOrError'], { readonly __typename: 'AssetNode' }>;

export type Check = Extract<
  Node['assetChecksOrError'],
  { readonly __typename: 'AssetChecks' }
>['checks'][number];
