import { formatTime } from '../../components/format/time';
import type { AssetRow } from '../assets/asset-filter';
import type { LineageAsset } from './lineage-graph';

/** What boxes of the graph are put together by. */
export const groupings = [
  { value: 'group', text: 'Groups' },
  { value: 'location', text: 'Locations' },
  { value: 'kind', text: 'Kinds' },
] as const;
export type Grouping = (typeof groupings)[number]['value'];

/** What a row stands in, by each way. */
export const groupOf: Readonly<Record<Grouping, (row: AssetRow) => string>> = {
  group: (row) => row.node.groupName,
  location: (row) => row.node.repository.location.name,
  kind: (row) => row.node.kinds[0] ?? 'no kind',
};

/** A row of the catalog as its box says it. */
export function toLineageAsset(
  row: AssetRow,
  by: Grouping,
  time: { zone: string; now: number },
): LineageAsset {
  const { node, status, updatedAt } = row;
  const quiet = status.kind === 'success' || status.kind === 'missing';
  const at = updatedAt === undefined ? 'never' : formatTime(updatedAt, time);
  return {
    key: row.key,
    path: node.assetKey.path,
    group: groupOf[by](row),
    kinds: node.kinds,
    upstream: node.dependencyKeys.map(({ path }) => path.join('/')),
    status: status.kind,
    word: status.word,
    detail: quiet ? at : `${status.word} · ${at}`,
  };
}
