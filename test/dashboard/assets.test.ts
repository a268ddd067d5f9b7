import {
  type AssetRow,
  filterAssets,
  selectRows,
  toAssetRow,
} from '../../dashboard/src/features/assets/asset-filter';
import { freshnessPolicyText } from '../../dashboard/src/features/assets/freshness-policy-text';
import { partitionRanges } from '../../dashboard/src/features/assets/partition-ranges';
import { fixtureAssets, toAssetNode } from '../support/dashboard-fixture-data';

const rows = fixtureAssets.map((asset) => {
  const node = toAssetNode(asset, 0) as unknown as AssetRow['node'];
  return toAssetRow(node, { kind: 'success', word: 'Fresh' } as AssetRow['status'], undefined);
});
const shown = (text: string) => filterAssets(rows, text).map((row) => row.key);

describe('the filter of assets', () => {
  it('takes the selection language behind select:', () => {
    expect(shown('select:"1+mart_issue_health and not int_pr_cycle_time"')).toEqual([
      'int_issue_activity',
      'mart_issue_health',
    ]);
    expect(shown('-select:"not kind:dbt"')).toEqual(shown('kind:dbt'));
  });

  it('takes a term with a plus by itself, together with other tokens', () => {
    expect(shown('2+mart_issue_health group:staging')).toEqual([
      'stg_issues',
      'stg_comments',
      'stg_pull_requests',
    ]);
    expect(shown('stg_earthquakes+')).toEqual(['stg_earthquakes', 'mart_seismic_daily']);
  });

  it('leaves out what cannot be read and says why', () => {
    expect(shown('select:"and and"')).toHaveLength(rows.length);
    expect(selectRows('and and', rows).problem).toMatch(/expected/i);
    expect(selectRows('+raw/nothing', rows).problem).toMatch(/raw\/nothing/);
  });
});

describe('ranges of partitions', () => {
  const all = ['a', 'b', 'c', 'd', 'e'];

  it('join neighbours and keep others apart, whatever the order', () => {
    expect(partitionRanges(['e', 'b', 'a'], all)).toEqual([
      { start: 'a', end: 'b' },
      { start: 'e', end: 'e' },
    ]);
    expect(partitionRanges(['c', 'c'], all)).toEqual([{ start: 'c', end: 'c' }]);
    expect(partitionRanges(['x', 'y'], all)).toHaveLength(2);
  });
});

describe('a freshness policy', () => {
  it('is said in words', () => {
    expect(
      freshnessPolicyText({
        __typename: 'TimeWindowFreshnessPolicy',
        failWindowSeconds: 7_200,
        warnWindowSeconds: null,
      }),
    ).toBe('at most 2 h old');
    expect(
      freshnessPolicyText({
        __typename: 'CronFreshnessPolicy',
        deadlineCron: '0 6 * * *',
        timezone: 'Europe/Berlin',
        lowerBoundDeltaSeconds: 60,
      }),
    ).toBe('due daily at 06:00, Europe/Berlin');
    expect(freshnessPolicyText(null)).toBeUndefined();
  });
});
