import { describe, expect, it } from '@jest/globals';
import { dbtGraph, groupOf } from '../../../lib/integrations/dbt/dbt-graph';
import { parseDbtManifest } from '../../../lib/integrations/dbt/dbt-manifest';
import { planCommands } from '../../../lib/integrations/dbt/plan-commands';
import { changed, manifestText, readManifest } from './manifest-fixture';

const FLIGHTS = 'model.analytics.int_flights_with_airports';
const assetOf = (graph: ReturnType<typeof dbtGraph>, key: string) =>
  graph.assets.find((asset) => asset.key === key);
const checkOf = (graph: ReturnType<typeof dbtGraph>, name: string) =>
  graph.checks.find((check) => check.name === name);

describe('assets', () => {
  it('are models, seeds and snapshots, those before others first', () => {
    const { assets } = dbtGraph(readManifest());
    expect(assets.map(({ node }) => node.resource_type).sort()).toEqual([
      ...Array.from({ length: 13 }, () => 'model'),
      'seed',
      'snapshot',
    ]);
    const keys = assets.map(({ key }) => key);
    for (const { key, dependencies } of assets) {
      const before = dependencies.filter((dependency) => keys.includes(dependency));
      for (const dependency of before) expect(keys.indexOf(dependency)).toBeLessThan(keys.indexOf(key));
    }
  });

  it('depend on each other and on the assets that ingestion makes', () => {
    const graph = dbtGraph(readManifest());
    expect(assetOf(graph, 'staging/stg_flights')?.dependencies).toEqual(['raw/flights']);
    expect(assetOf(graph, 'intermediate/int_flights_with_airports')?.dependencies).toEqual([
      'staging/stg_airports',
      'staging/stg_flights',
    ]);
    expect(graph.external.map(({ key }) => key).sort()).toEqual([
      ...['raw/airports', 'raw/earthquakes', 'raw/flights'],
      ...['raw/github_comments', 'raw/github_issues', 'raw/github_users'],
    ]);
  });

  it('see through ephemeral models, which are none', () => {
    const graph = dbtGraph(changed({ [FLIGHTS]: { config: { materialized: 'ephemeral' } } }));
    expect(assetOf(graph, 'intermediate/int_flights_with_airports')).toBeUndefined();
    expect(assetOf(graph, 'marts/busiest_routes')?.dependencies).toEqual([
      'staging/stg_airports',
      'staging/stg_flights',
    ]);
  });

  it('leave out disabled nodes', () => {
    const graph = dbtGraph(changed({ 'model.analytics.busiest_routes': { config: { enabled: false } } }));
    expect(assetOf(graph, 'marts/busiest_routes')).toBeUndefined();
  });

  it('take their keys from meta.dagster, else schema and name; versions have keys of their own', () => {
    const graph = dbtGraph(
      changed({
        [FLIGHTS]: { config: { meta: { dagster: { asset_key: ['wide', 'flights'] } } } },
        'model.analytics.busiest_routes': { version: 2, alias: 'busiest_routes_v2' },
      }),
    );
    expect(assetOf(graph, 'wide/flights')?.node.unique_id).toBe(FLIGHTS);
    expect(assetOf(graph, 'marts/busiest_routes_v2')?.dependencies).toEqual(['wide/flights']);
  });

  it('are grouped by meta.dagster, dbt’s group, folder or kind', () => {
    const group = (config: object) => groupOf(changed({ [FLIGHTS]: { config } }).nodes[FLIGHTS] as never);
    expect(group({ meta: { dagster: { group: 'own' } }, group: 'dbt' })).toBe('own');
    expect(group({ group: 'dbt' })).toBe('dbt');
    expect(group({})).toBe('intermediate');
    expect(groupOf(readManifest().nodes['seed.analytics.magnitude_classes'] as never)).toBe('seeds');
  });

  it('that are not chosen become external where others need them', () => {
    const graph = dbtGraph(readManifest(), new Set(['model.analytics.busiest_routes']));
    expect(graph.assets.map(({ key }) => key)).toEqual(['marts/busiest_routes']);
    expect(graph.external).toEqual([
      expect.objectContaining({ key: 'intermediate/int_flights_with_airports', group: 'intermediate' }),
    ]);
    expect(graph.checks.every(({ asset }) => asset === 'marts/busiest_routes')).toBe(true);
  });
});

describe('checks', () => {
  it('are all tests and unit tests, each of the asset that it is attached to', () => {
    const graph = dbtGraph(readManifest());
    expect(graph.checks).toHaveLength(41);
    expect(checkOf(graph, 'unique_issue_summary_author')).toMatchObject({
      asset: 'marts/issue_summary',
      severity: 'ERROR',
      isUnitTest: false,
    });
    expect(checkOf(graph, 'airports_count_their_very_late_departures')).toMatchObject({
      asset: 'marts/airport_delays',
      isUnitTest: true,
      selector: 'fqn:analytics.marts.airport_delays.airports_count_their_very_late_departures',
    });
    expect(checkOf(graph, 'no_earthquake_before_1900')?.asset).toBe('staging/stg_earthquakes');
  });

  it('carry dbt’s severity', () => {
    const graph = dbtGraph(readManifest());
    expect(checkOf(graph, 'relationships_airport_delays_iata__iata__ref_stg_airports_')?.severity).toBe(
      'WARN',
    );
  });

  it('of a source belong to the first asset that is made from it', () => {
    const graph = dbtGraph(readManifest());
    expect(checkOf(graph, 'source_unique_raw_earthquakes_id')?.asset).toBe('staging/stg_earthquakes');
  });

  it('have names of their own, even when dbt’s names do not', () => {
    const [first, second] = [
      'test.analytics.not_null_busiest_routes_origin_iata.e8c115a890',
      'test.analytics.not_null_busiest_routes_destination_iata.9655eaabc1',
    ] as const;
    const graph = dbtGraph(changed({ [first]: { name: 'same name' }, [second]: { name: 'same name' } }));
    const names = graph.checks
      .filter(({ asset }) => asset === 'marts/busiest_routes')
      .map(({ name }) => name);
    expect(names).toContain('same_name');
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => /^[A-Za-z0-9_]+$/.test(name))).toBe(true);
  });
});

describe('a manifest', () => {
  it.each([
    ['no JSON', '{', /is not JSON/],
    ['of another shape', '{"metadata":{},"nodes":{}}', /metadata\.dbt_schema_version/],
  ])('that is %s is refused with what to do', (_, text, problem) => {
    expect(() => parseDbtManifest(text, 'target/manifest.json')).toThrow(problem);
    expect(() => parseDbtManifest(text, 'target/manifest.json')).toThrow(/target\/manifest\.json.*dbt parse/);
  });

  it('that says nothing of unit tests has none', () => {
    const { unit_tests: _, ...rest } = JSON.parse(manifestText());
    expect(dbtGraph(parseDbtManifest(JSON.stringify(rest), 'm')).checks).toHaveLength(39);
  });
});

describe('commands', () => {
  const graph = dbtGraph(readManifest());
  const keys = graph.assets.map(({ key }) => key);
  const unitTest = { asset: 'marts/airport_delays', name: 'airports_count_their_very_late_departures' };

  it('build the whole project without naming its nodes', () => {
    expect(planCommands(graph, keys, graph.checks, true)).toEqual([{ command: 'build', select: null }]);
  });

  it('name every node when the assets are a part of the project, or the checks are', () => {
    const [all, ...rest] = planCommands(graph, keys, graph.checks, false);
    expect(all?.select).toHaveLength(56);
    expect(rest).toEqual([]);
    expect(planCommands(graph, keys, [], true)[0]?.select).toHaveLength(15);
  });

  it('test what build would leave out: checks alone, and unit tests of models that are not built', () => {
    const check = { asset: 'staging/stg_flights', name: 'not_null_stg_flights_departed_at' };
    expect(planCommands(graph, [], [check], true)).toEqual([
      { command: 'test', select: ['fqn:analytics.staging.not_null_stg_flights_departed_at'] },
    ]);
    expect(planCommands(graph, ['staging/stg_flights'], [check, unitTest], true)).toEqual([
      {
        command: 'build',
        select: [
          'fqn:analytics.staging.stg_flights',
          'fqn:analytics.staging.not_null_stg_flights_departed_at',
        ],
      },
      { command: 'test', select: [expect.stringContaining(unitTest.name)] },
    ]);
    expect(planCommands(graph, [unitTest.asset], [unitTest], true)).toHaveLength(1);
  });

  it('are none when nothing is asked for', () => {
    expect(planCommands(graph, [], [], true)).toEqual([]);
  });
});
