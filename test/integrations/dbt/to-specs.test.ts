import { expect, it } from '@jest/globals';
import { define } from '../../../lib/definitions/define/define';
import { multiAsset } from '../../../lib/definitions/multi-asset';
import { dbtGraph } from '../../../lib/integrations/dbt/dbt-graph';
import { toSpecs } from '../../../lib/integrations/dbt/to-specs';
import { changed } from './manifest-fixture';

function manifestOf(group?: string) {
  const graph = dbtGraph(
    changed({
      'model.analytics.stg_flights': {
        columns: {
          id: { name: 'id', data_type: 'number', constraints: [{ type: 'primary_key' }] },
          carrier: {
            name: 'carrier',
            constraints: [{ type: 'not_null' }, { type: 'check', expression: "carrier <> ''" }],
          },
          note: { name: 'note' },
        },
        constraints: [
          { type: 'unique', columns: ['carrier', 'note'] },
          { type: 'foreign_key', columns: ['carrier'], to: 'ANALYTICS.CARRIERS', to_columns: ['code'] },
        ],
        tags: ['staging', 'has spaces'],
        config: {
          meta: {
            dagster: {
              group: 'sky',
              owners: ['ann@example.com'],
              freshness: { failWindow: '26h', warnWindow: '25h' },
            },
          },
        },
      },
    }),
  );
  const source = { file: 'orchestration-dbt/index.ts', line: 5, column: 1 };
  const { specs, checks } = toSpecs(graph, { project: 'dbt_project', adapter: 'snowflake', group, source });
  return define({ assets: multiAsset({ name: 'dbt', specs, checks, canSubset: true, run() {} }) }).manifest(
    'test',
  );
}

it('an asset says everything that dbt knows of its node', () => {
  const { assets } = manifestOf();
  const mart = assets.find(({ key }) => key === 'marts/earthquakes_daily');
  expect(mart).toMatchObject({
    group: 'marts',
    kinds: ['dbt', 'snowflake'],
    owners: ['team:analytics'],
    tags: { marts: '' },
    description: expect.stringContaining('Earthquakes counted by day'),
    codeVersion: expect.stringMatching(/^[0-9a-f]{64}$/),
    metadata: {
      'dbt/materialized': { value: 'incremental' },
      'dagster/relation_identifier': { value: 'ANALYTICS.MARTS.earthquakes_daily' },
      'dagster/code_references': {
        value: [{ file: 'dbt_project/models/marts/earthquakes_daily.sql', line: 1 }],
      },
    },
  });
  expect(mart?.metadata['dagster/column_schema']).toMatchObject({
    kind: 'table_schema',
    columns: expect.arrayContaining([{ name: 'occurred_on', type: 'date', description: 'Day in UTC.' }]),
  });
});

it('the contract of a model says what its table and columns are held to', () => {
  const flights = manifestOf().assets.find(({ key }) => key === 'staging/stg_flights');
  expect(flights?.metadata['dagster/column_schema']).toEqual({
    kind: 'table_schema',
    columns: [
      { name: 'id', type: 'number', constraints: { nullable: false, unique: true, other: ['primary key'] } },
      {
        name: 'carrier',
        type: 'unknown',
        constraints: { nullable: false, unique: false, other: ["check carrier <> ''"] },
      },
      { name: 'note', type: 'unknown' },
    ],
    constraints: ['unique (carrier, note)', 'foreign key (carrier) to ANALYTICS.CARRIERS (code)'],
  });
});

it('meta.dagster wins over the group of all; tags that cannot be tags are left out', () => {
  const byKey = new Map(manifestOf('warehouse').assets.map((asset) => [asset.key, asset]));
  expect(byKey.get('staging/stg_flights')).toMatchObject({
    group: 'sky',
    owners: ['ann@example.com'],
    tags: { staging: '' },
    freshnessPolicy: { kind: 'time_window', failWindow: 26 * 3_600, warnWindow: 25 * 3_600 },
  });
  expect(byKey.get('marts/busiest_routes')).toMatchObject({ group: 'warehouse', freshnessPolicy: null });
});

it('sources are external assets; checks carry dbt’s severity and never block, because dbt skips by itself', () => {
  const { assets, assetChecks } = manifestOf();
  expect(assets.find(({ key }) => key === 'raw/earthquakes')).toMatchObject({ op: null, group: 'raw' });
  expect(assetChecks).toHaveLength(41);
  expect(assetChecks.every(({ blocking }) => !blocking)).toBe(true);
  expect(
    assetChecks.find(({ name }) => name.startsWith('relationships_'))?.metadata['dbt/severity'],
  ).toMatchObject({ value: 'WARN' });
});
