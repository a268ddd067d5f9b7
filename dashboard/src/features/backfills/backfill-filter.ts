import { type FilterKey, matchesPattern, parseFilter, tokenProblem } from '../../components/filter-tokens';
import { keyText } from '../../components/format/asset-key';
import type { BackfillRow } from './backfill-progress';
import { backfillStatus } from './backfill-words';

const statusValues = ['running', 'paused', 'canceling', 'canceled', 'failed', 'partly-failed', 'success'];

export const backfillFilterKeys: readonly FilterKey[] = [
  { key: 'status', values: statusValues.map((value) => ({ value })) },
  { key: 'asset' },
  { key: 'job' },
  { key: 'user' },
  { key: 'id' },
];

/** The word of a status as a filter value: `partly-failed`. */
const statusValue = (row: BackfillRow): string => backfillStatus(row).word.toLowerCase().replace(' ', '-');

/** Whether a backfill is one that a filter line asks for. Free text looks at target, title and id. */
export function passesBackfillFilter(row: BackfillRow, text: string): boolean {
  const assets = (row.assetSelection ?? []).map(keyText);
  const textsOf: Readonly<Record<string, readonly string[]>> = {
    asset: assets,
    job: row.jobName === null ? [] : [row.jobName],
    user: row.user === null ? [] : [row.user],
    id: [row.id],
    '': [...assets, row.jobName ?? '', row.title ?? '', row.id],
  };
  return parseFilter(text)
    .filter((token) => !tokenProblem(token, backfillFilterKeys))
    .every((token) => {
      const found = token.values.some((value) =>
        token.key === 'status'
          ? statusValue(row) === value.toLowerCase()
          : (textsOf[token.key] ?? []).some((each) => matchesPattern(each, value)),
      );
      return found !== token.exclude;
    });
}
