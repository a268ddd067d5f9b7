import { runResults } from '../../dashboard/src/features/run/run-results';
import type { RunEvent } from '../../dashboard/src/features/run/run-types';

const text = (label: string, value: string) => ({ __typename: 'TextMetadataEntry', label, text: value });
const common = { message: 'm', timestamp: '1', level: 'INFO', stepKey: 'dbt', eventType: null };
const model = { path: ['marts', 'total'] };
const dbt = (uniqueId: string, type: string, status: string) => [
  text('dbt/unique_id', uniqueId),
  text('dbt/resource_type', type),
  text('dbt/status', status),
  { __typename: 'FloatMetadataEntry', label: 'seconds', floatRepr: '1.5' },
];
const planned = (path: string[]) => ({
  ...common,
  __typename: 'AssetMaterializationPlannedEvent',
  assetKey: { path },
});
const events = [
  planned(model.path),
  planned(['marts', 'late']),
  planned(['raw', 'days']),
  {
    ...common,
    __typename: 'MaterializationEvent',
    assetKey: model,
    partition: null,
    metadataEntries: [
      ...dbt('model.shop.total', 'model', 'success'),
      { __typename: 'IntMetadataEntry', label: 'dagster/row_count', intRepr: '12000' },
    ],
  },
  {
    ...common,
    __typename: 'AssetCheckEvaluationEvent',
    evaluation: {
      assetKey: model,
      checkName: 'unique_id',
      success: false,
      severity: 'WARN',
      description: '2 rows are twice there',
      metadataEntries: dbt('test.shop.unique_id', 'test', 'warn'),
    },
  },
  ...['2026-01-01', '2026-01-02'].map((partition) => ({
    ...common,
    __typename: 'MaterializationEvent',
    assetKey: { path: ['raw', 'days'] },
    partition,
    metadataEntries: [],
  })),
] as unknown as readonly RunEvent[];

test('assets that are planned are still to come while the run goes on, and not made once it has ended', () => {
  const words = (finished: boolean) =>
    runResults(events, finished).assets.map(({ asset, partition, status }) => [
      asset,
      partition,
      status.word,
    ]);
  const made = [
    ['marts/total', null, 'Materialized'],
    ['raw/days', '2026-01-01', 'Materialized'],
    ['raw/days', '2026-01-02', 'Materialized'],
  ];
  expect(words(false)).toEqual([['marts/late', null, 'Not yet'], ...made]);
  expect(words(true)).toEqual([['marts/late', null, 'Not made'], ...made]);
});

test('checks say what they found, by their severity', () => {
  expect(runResults(events, true).checks).toMatchObject([
    {
      check: 'unique_id',
      status: { kind: 'warn', word: 'Warning' },
      text: '2 rows are twice there',
      event: 4,
    },
  ]);
});

test('nodes of dbt are told apart from what else was made, in the order in which they ended', () => {
  const { dbt: nodes, assets } = runResults(events, true);
  expect(nodes.map((each) => [each.event, each.dbt])).toEqual([
    [3, { uniqueId: 'model.shop.total', type: 'model', status: 'success', seconds: 1.5 }],
    [4, { uniqueId: 'test.shop.unique_id', type: 'test', status: 'warn', seconds: 1.5 }],
  ]);
  expect(assets.find(({ asset }) => asset === 'marts/total')?.text).toBe('seconds 1.5 · row_count 12,000');
});
