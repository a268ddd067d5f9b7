import { toAuditFilter } from '../../dashboard/src/features/deployment/audit-filter';
import { changeText } from '../../dashboard/src/features/deployment/change-text';
import { definitionRows, filterDefinitions } from '../../dashboard/src/features/deployment/definition-rows';
import { auditChange, auditSubject } from '../../dashboard/src/features/deployment/describe-audit';
import { opRows } from '../../dashboard/src/features/deployment/op-rows';
import { tokenStatus } from '../../dashboard/src/features/deployment/token-status';

describe('an entry of the audit log', () => {
  it('says what it is about by what its input names', () => {
    expect(auditSubject({ concurrencyKey: 'snowflake', limit: 4 })).toBe('snowflake');
    const selector = {
      repositoryLocationName: 'shop',
      repositoryName: '__repository__',
      scheduleName: 'nightly',
    };
    expect(auditSubject({ scheduleSelector: selector })).toBe('nightly');
    expect(auditSubject({ runId: '0192f7a0-1111-7000-8000-000000000000' })).toBe('0192f7a0');
    expect(auditSubject({ runIds: ['a', 'b', 'c'] })).toBe('3 runs');
    expect(
      auditSubject({
        assetPartitionRanges: [{ assetKey: { path: ['raw', 'a'] } }, { assetKey: { path: ['b'] } }],
      }),
    ).toBe('raw/a and 1 more');
    expect(auditSubject({})).toBeUndefined();
  });

  it('says what changed, where that fits a line', () => {
    expect(auditChange({ limit: 2 }, { limit: 4 })).toBe('limit 2 → 4');
    expect(auditChange({ limit: 2 }, { limit: null })).toBe('limit 2 → none');
    expect(auditChange({ status: 'RUNNING', cursor: null }, { status: 'STOPPED', cursor: null })).toBe(
      'status RUNNING → STOPPED',
    );
    expect(auditChange({ limit: 2 }, { limit: 2 })).toBeUndefined();
    expect(auditChange(null, { limit: 2 })).toBeUndefined();
  });
});

describe('the filter of the audit log', () => {
  it('becomes the one of the API; what cannot hold is left out', () => {
    expect(toAuditFilter('user:ann action:startSchedule outcome:refused')).toEqual({
      user: 'ann',
      action: 'startSchedule',
      outcome: 'REFUSED',
    });
    expect(toAuditFilter('action:"POST /api/runs"')).toEqual({ action: 'POST /api/runs' });
    expect(toAuditFilter('ann')).toEqual({ user: 'ann' });
    expect(toAuditFilter('outcome:lost -user:ann user:a,b what:x')).toEqual({});
  });
});

describe('ops', () => {
  const use = (job: string, handleID: string) => ({
    pipeline: { id: job, name: job },
    solidHandle: { handleID },
  });
  const op = (name: string, invocations: ReturnType<typeof use>[], assetNodes: { id: string }[] = []) => ({
    definition: {
      __typename: 'SolidDefinition' as const,
      name,
      description: null,
      pools: name === 'load' ? ['snowflake'] : [],
      assetNodes,
    },
    invocations,
  });
  const rows = opRows([
    {
      id: 'r',
      location: { id: 'shop', name: 'shop' },
      usedSolids: [
        op('load', [use('nightly', 'load'), use('nightly', 'load_2'), use('weekly', 'outer.inner.load')]),
        op('clean', [use('weekly', 'outer.clean')]),
        op('orders', [use('__ASSET_JOB', 'orders')], [{ id: 'orders' }]),
      ],
    },
  ]);

  it('stand once each, with the jobs and the pool that they are in; what makes an asset is left out', () => {
    expect(rows.filter(({ kind }) => kind === 'op').map(({ name, detail }) => [name, detail])).toEqual([
      ['load', 'in 2 jobs · pool snowflake'],
      ['clean', 'in 1 job'],
    ]);
    expect(rows[0]?.op?.uses).toHaveLength(3);
  });

  it('tell of the graphs that they are nested in, at every level', () => {
    const graphs = rows.filter(({ kind }) => kind === 'graph');
    expect(graphs.map(({ name, detail }) => [name, detail])).toEqual([
      ['outer', '2 ops of weekly'],
      ['outer.inner', '1 op of weekly'],
    ]);
    expect(graphs[1]?.address).toBe('/jobs/shop/weekly?open=outer.inner');
  });
});

describe('definitions', () => {
  const rows = definitionRows([
    {
      id: 'shop',
      name: 'shop',
      lastGoodLocation: {
        id: 'shop',
        repositories: [
          {
            id: 'r',
            name: '__repository__',
            jobs: [
              { id: 'j', name: 'refresh', description: 'All of it', isAssetJob: true },
              { id: 'i', name: '__ASSET_JOB', description: null, isAssetJob: true },
            ],
            schedules: [
              {
                id: 's',
                name: 'nightly',
                description: null,
                cronSchedule: '0 6 * * *',
                pipelineName: 'refresh',
              },
            ],
            sensors: [{ id: 'n', name: 'files', description: null, sensorType: 'STANDARD' }],
            assetNodes: [
              {
                id: 'a',
                assetKey: { path: ['raw', 'orders'] },
                groupName: 'raw',
                kinds: ['rest'],
                description: 'Orders of the shop',
                partitionDefinition: {
                  name: null,
                  description: '0 0 * * * UTC, from 2026-01-01',
                  type: 'TIME_WINDOW',
                  dimensionTypes: [],
                },
                assetChecksOrError: {
                  __typename: 'AssetChecks',
                  checks: [{ name: 'has_rows', description: 'Some', blocking: true }],
                },
              },
            ],
            allTopLevelResourceDetails: [
              {
                id: 'c',
                name: 'crm',
                description: null,
                resourceType: 'resource',
                configuredValues: [],
                assetKeysUsing: [{ path: ['raw', 'orders'] }],
                jobsOpsUsing: [],
              },
            ],
          },
        ],
      },
    },
    { id: 'broken', name: 'broken', lastGoodLocation: null },
  ]);

  it('are those of every location that is served, without the job that no one defined', () => {
    expect(rows.map(({ kind, name, detail, address }) => [kind, name, detail, address])).toEqual([
      ['asset', 'raw/orders', 'raw · rest · partitioned', '/assets/raw/orders'],
      ['check', 'raw/orders: has_rows', 'blocking', '/assets/raw/orders?tab=checks&check=has_rows'],
      ['job', 'refresh', 'of assets', '/jobs/shop/refresh'],
      ['partitions', 'Daily at 00:00, UTC, from 2026-01-01', 'of 1 asset', '/assets?q=key%3Araw%2Forders'],
      ['resource', 'crm', 'for 1 asset, 0 jobs', undefined],
      ['schedule', 'nightly', 'Daily at 06:00', '/schedules?open=shop%3Anightly'],
      ['sensor', 'files', 'standard', '/sensors?open=shop%3Afiles'],
    ]);
  });

  it('are found by kind, location, name and words', () => {
    const names = (text: string) => filterDefinitions(rows, text).map(({ name }) => name);
    expect(names('kind:job,sensor')).toEqual(['refresh', 'files']);
    expect(names('-kind:asset,check,partitions location:shop')).toEqual([
      'refresh',
      'crm',
      'nightly',
      'files',
    ]);
    expect(names('name:raw/*')).toEqual(['raw/orders', 'raw/orders: has_rows']);
    expect(names('"of the shop"')).toEqual(['raw/orders']);
    expect(names('location:nowhere')).toEqual([]);
  });
});

test('a token says how long it holds', () => {
  const day = 86_400_000;
  expect(tokenStatus({ expiresAt: 30 * day }, 0).word).toBe('Valid');
  expect(tokenStatus({ expiresAt: 3 * day }, 0).word).toBe('Expires soon');
  expect(tokenStatus({ expiresAt: day }, day).word).toBe('Expired');
});

test('a difference is summed up by what was added, changed and removed', () => {
  const change = (kind: 'added' | 'removed' | 'changed') => ({
    kind: 'job',
    name: kind,
    change: kind,
    fields: [],
  });
  expect(changeText([change('added'), change('added'), change('removed')])).toBe(
    '2 definitions added, 1 removed',
  );
  expect(changeText([])).toBe('code changed at most, definitions did not');
});
