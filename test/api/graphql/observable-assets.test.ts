import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asset, define, observableAsset } from 'headrace';
import { anEvent } from '../../contracts/storage-builders';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';
import { loadedLocation } from '../../support/api-workspace';

const stock = observableAsset({ key: 'erp/stock', autoObserveIntervalMinutes: 10, run: () => 'v1' });
const shelf = asset({ key: 'erp/shelf', deps: [stock], run: () => 1 });
const erp = define({ assets: [stock, shelf] });

const NODE = `query ($key: AssetKeyInput!) {
  assetNodeOrError(assetKey: $key) { ... on AssetNode {
    isObservable isExecutable isMaterializable hasMaterializePermission staleStatus staleCauses { reason }
    automationCondition { label }
    assetHealth { materializationStatus }
    assetObservations(limit: 1) { runId tags { key value } }
  } }
}`;
interface Node {
  readonly staleStatus: string;
  readonly assetHealth: { readonly materializationStatus: string };
  readonly assetObservations: readonly { readonly runId: string }[];
}

describe('an observable asset by the API', () => {
  let harness: ApiHarness;
  beforeAll(async () => {
    harness = await createApiHarness({ definitions: { erp } });
    harness.codeLocations.set(loadedLocation('erp', erp));
  });
  afterAll(() => harness.close());

  async function node(...path: readonly string[]): Promise<Node> {
    const { data } = await harness.graphql<{ readonly assetNodeOrError: Node }>(NODE, { key: { path } });
    return data.assetNodeOrError;
  }

  test('says that it can be run and not made here, and when it observes itself', async () => {
    expect(await node('erp', 'stock')).toMatchObject({
      isObservable: true,
      isExecutable: true,
      isMaterializable: false,
      hasMaterializePermission: true,
      staleStatus: 'FRESH',
      automationCondition: { label: 'auto_observe(10 min)' },
      assetHealth: { materializationStatus: 'UNKNOWN' },
      assetObservations: [],
    });
    expect(await node('erp', 'shelf')).toMatchObject({ isObservable: false, isMaterializable: true });
    const { data } = await harness.graphql<{
      readonly assetCatalog: {
        readonly key: readonly string[];
        readonly isObservable: readonly boolean[];
        readonly isMaterializable: readonly boolean[];
      };
    }>('{ assetCatalog { key isObservable isMaterializable } }');
    const { key, isObservable, isMaterializable } = data.assetCatalog;
    const at = key.indexOf('erp/stock');
    expect([isObservable[at], isMaterializable[at]]).toEqual([true, false]);
    expect(isObservable.filter((each) => each)).toHaveLength(1);
  });

  test('is observed by a run of the implicit job, as clients of Dagster ask for it', async () => {
    // Prepare
    const selector = {
      repositoryLocationName: 'erp',
      repositoryName: '__repository__',
      jobName: '__ASSET_JOB',
      assetSelection: [{ path: ['erp', 'stock'] }],
    };

    // Act
    const { data } = await harness.graphql<{
      readonly launchRun: { readonly run: { readonly runId: string } };
    }>(
      `mutation ($params: ExecutionParams!) {
        launchRun(executionParams: $params) {
          __typename
          ... on LaunchRunSuccess { run { runId assetSelection { path } executionPlan { assetKeys { path } } } }
        }
      }`,
      { params: { selector, mode: 'default' } },
    );

    // Assess
    expect(data.launchRun).toMatchObject({
      __typename: 'LaunchRunSuccess',
      run: {
        assetSelection: [{ path: ['erp', 'stock'] }],
        executionPlan: { assetKeys: [{ path: ['erp', 'stock'] }] },
      },
    });
    const { runId } = data.launchRun.run;
    await harness.work(runId, [
      anEvent(
        'ASSET_OBSERVATION',
        { metadata: {}, tags: {}, dataVersion: 'v1' },
        { assetKey: 'erp/stock', stepKey: 'erp__stock' },
      ),
    ]);
    expect(await node('erp', 'stock')).toMatchObject({
      assetHealth: { materializationStatus: 'HEALTHY' },
      assetObservations: [
        { runId, tags: expect.arrayContaining([{ key: 'dagster/data_version', value: 'v1' }]) },
      ],
    });
  });

  test('is observed by a run of the REST API; a selection that reaches it leaves it out', async () => {
    const launch = (assets: readonly string[]) =>
      harness.rest<{ readonly runId: string }>('POST', '/api/runs', { body: { assets } });

    const [named, reached] = [await launch(['erp/stock']), await launch(['+erp/shelf'])];

    expect([named.status, reached.status]).toEqual([201, 201]);
    const selections = await Promise.all(
      [named, reached].map(async ({ body }) => (await harness.storage.getRun(body.runId))?.assetSelection),
    );
    expect(selections).toEqual([['erp/stock'], ['erp/shelf']]);
  });

  test('makes what was made from another data version of it stale', async () => {
    // Prepare
    const seen = (dataVersion: string) =>
      harness.storage.appendSystemEvents(null, [
        anEvent('ASSET_OBSERVATION', { metadata: {}, tags: {}, dataVersion }, { assetKey: 'erp/stock' }),
      ]);
    await seen('v1');
    await harness.storage.appendSystemEvents(null, [
      anEvent(
        'ASSET_MATERIALIZATION',
        { metadata: {}, tags: {}, inputDataVersions: { 'erp/stock': 'v1' } },
        { assetKey: 'erp/shelf' },
      ),
    ]);
    expect(await node('erp', 'shelf')).toMatchObject({ staleStatus: 'FRESH' });

    // Act
    await seen('v2');

    // Assess
    expect(await node('erp', 'shelf')).toMatchObject({
      staleStatus: 'STALE',
      staleCauses: [{ reason: 'has a new dependency data version' }],
    });
  });
});
