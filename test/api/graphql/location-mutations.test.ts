import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';

const CHECK = 'assetKey: {path: ["raw", "orders"]}';

describe('what clients change besides runs', () => {
  let harness: ApiHarness;
  beforeAll(async () => {
    harness = await createApiHarness();
  });
  afterAll(() => harness.close());

  test('what a check came to elsewhere is kept with its asset', async () => {
    const report = (params: string) =>
      harness.graphql(
        `mutation { reportAssetCheckEvaluations(eventParams: {${CHECK}, ${params}}) { __typename ... on ReportAssetCheckEvaluationsSuccess { checkName } } }`,
      );

    expect(
      await report(
        'checkName: "hasRows", passed: false, severity: WARN, partitionKeys: ["2026-01-02"], serializedMetadata: "{\\"rows\\": 0}"',
      ),
    ).toEqual({
      data: {
        reportAssetCheckEvaluations: {
          __typename: 'ReportAssetCheckEvaluationsSuccess',
          checkName: 'hasRows',
        },
      },
    });
    const executions = (partition: string) =>
      harness.graphql(
        `{ assetCheckExecutions(${CHECK}, checkName: "hasRows", limit: 5, partition: "${partition}") { status evaluation { severity partition metadataEntries { label } } } }`,
      );
    expect((await executions('2026-01-02')).data).toEqual({
      assetCheckExecutions: [
        {
          status: 'FAILED',
          evaluation: { severity: 'WARN', partition: '2026-01-02', metadataEntries: [{ label: 'rows' }] },
        },
      ],
    });
    expect((await executions('2026-01-03')).data).toEqual({ assetCheckExecutions: [] });
  });

  test('a check that there is not, or metadata that is no object, is refused', async () => {
    for (const params of [
      'checkName: "nothing", passed: true',
      'checkName: "hasRows", passed: true, serializedMetadata: "[1]"',
    ]) {
      const { errors } = await harness.graphql(
        `mutation { reportAssetCheckEvaluations(eventParams: {${CHECK}, ${params}}) { __typename } }`,
      );
      expect(errors?.[0]?.message).toMatch(/has no check 'nothing'|must be an object/);
    }
  });

  test('a location that is shut down is loaded anew', async () => {
    harness.codeLocations.reloaded.length = 0;
    const shutDown = async (name: string) =>
      (
        await harness.graphql(
          `mutation { shutdownRepositoryLocation(repositoryLocationName: "${name}") { __typename } }`,
        )
      ).data;
    expect(await shutDown('shop')).toEqual({
      shutdownRepositoryLocation: { __typename: 'ShutdownRepositoryLocationSuccess' },
    });
    expect(harness.codeLocations.reloaded).toEqual(['shop']);
    expect(await shutDown('nothing')).toEqual({
      shutdownRepositoryLocation: { __typename: 'RepositoryLocationNotFound' },
    });
  });

  test('a sensor is stopped by whichever of its ids is given', async () => {
    const { data } = await harness.graphql(
      'mutation { stopSensor(jobOriginId: "shop:sensor:new_files") { ... on StopSensorMutationResult { instigationState { name status } } } }',
    );
    expect(data).toEqual({
      stopSensor: { instigationState: { name: 'new_files', status: 'STOPPED' } },
    });
  });
});
