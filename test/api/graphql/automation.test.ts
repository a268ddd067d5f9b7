import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  asset,
  assetCheck,
  automation,
  automationSensor,
  define,
  defineAssetJob,
  freshness,
  staticPartitions,
} from 'headrace';
import { evaluateTicks } from '../../../lib/engine/evaluate-ticks';
import { aMaterialization } from '../../contracts/storage-builders';
import { someSettings } from '../../engine/support/test-instance';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';
import { loadedLocation } from '../../support/api-workspace';
import { ManualClock } from '../../support/manual-clock';

const parent = asset({ key: 'parent', run: () => 1 });
const child = asset({
  key: 'child',
  deps: [parent],
  automation: automation.eager(),
  freshness: freshness.timeWindow({ failWindow: '2h', warnWindow: '1h' }),
  run: () => 1,
});
const letters = asset({
  key: 'letters',
  partitions: staticPartitions(['a', 'b', 'c', 'd']),
  automation: automation.missing(),
  freshness: freshness.cron({ deadlineCron: '0 9 * * *', lowerBoundDelta: '1h' }),
  run: () => 1,
});
const sensors = [automationSensor({ name: 'auto', defaultStatus: 'RUNNING' })];
const checked = asset({ key: 'checked', run: () => 1 });
const seen = assetCheck({
  asset: checked,
  name: 'seen',
  automation: automation.missing(),
  run: () => true,
});
const nightly = defineAssetJob({
  name: 'nightly_check',
  select: [checked],
  automation: automation.missing(),
});
const MINUTE = 60_000;
const START = Date.UTC(2026, 2, 10, 12);

interface Node {
  readonly uniqueId: string;
  readonly userLabel: string | null;
  readonly expandedLabel: readonly string[];
  readonly numTrue: number;
  readonly entityKey: { readonly path: readonly string[] };
  readonly sinceMetadata: { readonly triggerTimestamp: number | null } | null;
}

describe('automation by GraphQL', () => {
  let harness: ApiHarness;
  const clock = new ManualClock(START);
  beforeAll(async () => {
    harness = await createApiHarness({ clock });
    harness.codeLocations.set(loadedLocation('auto', define({ assets: [parent, child, letters], sensors })));
    harness.codeLocations.set(
      loadedLocation('checks', define({ assets: [checked], assetChecks: [seen], jobs: [nightly], sensors })),
    );
    await tick();
    await harness.storage.appendSystemEvents(null, [
      { ...aMaterialization('parent'), timestamp: clock.now() },
      { ...aMaterialization('letters', 'b'), timestamp: clock.now() },
    ]);
    await tick();
  });
  afterAll(() => harness.close());

  async function tick(): Promise<void> {
    clock.jump(MINUTE);
    const settings = someSettings();
    expect((await evaluateTicks(harness.instance, settings)).errors).toEqual([]);
  }
  async function ask<T>(text: string): Promise<T> {
    const { data, errors } = await harness.graphql<T>(text);
    expect(errors).toBeUndefined();
    return data;
  }
  const node = async (key: string, selection: string) =>
    (
      await ask<{ assetNodeOrError: Record<string, unknown> }>(
        `{ assetNodeOrError(assetKey: {path: ["${key}"]}) { ... on AssetNode { ${selection} } } }`,
      )
    ).assetNodeOrError;
  const records = async <T>(key: string, selection: string, more = ''): Promise<readonly T[]> =>
    (
      await ask<{ found: { records: readonly T[] } }>(
        `{ found: assetConditionEvaluationRecordsOrError(assetKey: {path: ["${key}"]}, limit: 5 ${more})
           { ... on AssetConditionEvaluationRecords { records { ${selection} } } } }`,
      )
    ).found.records;

  test('an asset says its condition', async () => {
    const selection = 'automationCondition { label expandedLabel }';
    expect(await node('child', selection)).toEqual({
      automationCondition: {
        label: 'eager',
        expandedLabel: [
          '(in_latest_time_window)',
          'AND',
          '(((newly_missing) OR (any_deps_updated)) SINCE (handled))',
          'AND',
          '(NOT (any_deps_missing))',
          'AND',
          '(NOT (any_deps_in_progress))',
          'AND',
          '(NOT (in_progress))',
        ],
      },
    });
    expect(await node('parent', selection)).toEqual({ automationCondition: null });
  });

  test('a check says its condition, and why it was asked for', async () => {
    const { assetNodeOrError, found } = await ask<{
      assetNodeOrError: { assetChecksOrError: { checks: unknown[] } };
      found: { records: unknown[] };
    }>(
      `{ assetNodeOrError(assetKey: {path: ["checked"]}) { ... on AssetNode { assetChecksOrError { ... on AssetChecks { checks { name automationCondition { expandedLabel } } } } } }
         found: assetConditionEvaluationRecordsOrError(assetCheckKey: {assetKey: {path: ["checked"]}, name: "seen"}, limit: 5) {
           ... on AssetConditionEvaluationRecords { records { numRequested runIds assetKey { path } entityKey { __typename ... on AssetCheckhandle { name } } } } } }`,
    );
    expect(assetNodeOrError.assetChecksOrError.checks).toEqual([
      { name: 'seen', automationCondition: { expandedLabel: ['missing'] } },
    ]);
    expect(found.records).toContainEqual({
      numRequested: 1,
      runIds: [expect.any(String)],
      assetKey: { path: ['checked'] },
      entityKey: { __typename: 'AssetCheckhandle', name: 'seen' },
    });
  });

  test('a job says its condition, and why it was asked for', async () => {
    const { pipelineOrError, found } = await ask<{ pipelineOrError: unknown; found: { records: unknown[] } }>(
      `{ pipelineOrError(params: {pipelineName: "nightly_check", repositoryName: "__repository__", repositoryLocationName: "checks"}) {
           ... on Pipeline { automationCondition { expandedLabel } } }
         found: assetConditionEvaluationRecordsOrError(assetJobKey: {jobName: "nightly_check"}, limit: 5) {
           ... on AssetConditionEvaluationRecords { records { numRequested runIds assetKey { path } entityKey { __typename ... on AssetJobKey { jobName } } } } } }`,
    );
    expect(pipelineOrError).toEqual({ automationCondition: { expandedLabel: ['missing'] } });
    expect(found.records).toContainEqual({
      numRequested: 1,
      runIds: [expect.any(String)],
      assetKey: null,
      entityKey: { __typename: 'AssetJobKey', jobName: 'nightly_check' },
    });
  });

  test('records say what was asked for and why, newest first', async () => {
    const found = await records<{
      evaluationId: string;
      numRequested: number;
      runIds: readonly string[];
      rootUniqueId: string;
      evaluationNodes: readonly Node[];
    }>(
      'child',
      `evaluationId numRequested runIds rootUniqueId isLegacy timestamp
       evaluationNodes { uniqueId userLabel expandedLabel numTrue numCandidates isPartitioned childUniqueIds operatorType
         entityKey { ... on AssetKey { path } } sinceMetadata { triggerTimestamp resetTimestamp } }`,
    );
    const [asked, first] = found;
    expect(found.map(({ numRequested }) => numRequested)).toEqual([1, 0]);
    expect(asked?.runIds).toHaveLength(1);
    expect(asked?.evaluationNodes[0]).toMatchObject({
      uniqueId: asked?.rootUniqueId,
      userLabel: 'eager',
      numTrue: 1,
    });
    const updated = asked?.evaluationNodes.filter(
      ({ expandedLabel }) => expandedLabel[0] === 'newly_updated',
    );
    expect(updated?.map(({ entityKey, numTrue }) => [entityKey.path, numTrue])).toEqual([
      [['parent'], 1],
      [['child'], 0],
    ]);
    const since = asked?.evaluationNodes.find(({ sinceMetadata }) => sinceMetadata !== null);
    expect(since?.sinceMetadata).toEqual({
      triggerTimestamp: clock.now() / 1000,
      resetTimestamp: (START + MINUTE) / 1000,
    });
    expect(await records('child', 'evaluationId', `, cursor: "${asked?.evaluationId}"`)).toEqual([
      { evaluationId: first?.evaluationId },
    ]);
    expect(await records('nothing', 'evaluationId')).toEqual([]);
  });

  test('one tick is told whole, and by partition', async () => {
    const [latest] = await records<{ evaluationId: string }>('letters', 'evaluationId');
    const answer = await ask<{ tick: { records: unknown }; partition: unknown; keys: unknown }>(
      `{ tick: assetConditionEvaluationsForEvaluationId(evaluationId: "${latest?.evaluationId}")
           { ... on AssetConditionEvaluationRecords { records { assetKey { path } numRequested
             evaluation { evaluationNodes { __typename ... on PartitionedAssetConditionEvaluationNode { numTrue } } } } } }
         made: assetConditionEvaluationForPartition(assetKey: {path: ["letters"]}, evaluationId: "${latest?.evaluationId}", partition: "b")
           { evaluationNodes { ... on SpecificPartitionAssetConditionEvaluationNode { status description } } }
         missing: assetConditionEvaluationForPartition(assetKey: {path: ["letters"]}, evaluationId: "${latest?.evaluationId}", partition: "c")
           { evaluationNodes { ... on SpecificPartitionAssetConditionEvaluationNode { status } } }
         keys: truePartitionsForAutomationConditionEvaluationNode(assetKey: {path: ["letters"]}, evaluationId: "${latest?.evaluationId}") }`,
    );
    expect(answer).toMatchObject({
      tick: {
        records: [
          { assetKey: { path: ['child'] }, numRequested: 1 },
          {
            assetKey: { path: ['letters'] },
            numRequested: 3,
            evaluation: { evaluationNodes: [{ numTrue: 3 }] },
          },
        ],
      },
      made: { evaluationNodes: [{ status: 'FALSE', description: 'missing' }] },
      missing: { evaluationNodes: [{ status: 'TRUE' }] },
      keys: ['a', 'c', 'd'],
    });
  });

  test('an asset says how fresh it is, and by what policy', async () => {
    const selection = `internalFreshnessPolicy { __typename ... on TimeWindowFreshnessPolicy { failWindowSeconds warnWindowSeconds }
        ... on CronFreshnessPolicy { deadlineCron lowerBoundDeltaSeconds timezone } }
      freshnessStatusInfo { freshnessStatus freshnessStatusMetadata { lastMaterializedTimestamp } since }
      freshnessInfo { currentMinutesLate currentLagMinutes }`;
    expect(await node('parent', selection)).toEqual({
      internalFreshnessPolicy: null,
      freshnessStatusInfo: null,
      freshnessInfo: null,
    });
    expect(await node('letters', selection)).toMatchObject({
      internalFreshnessPolicy: { deadlineCron: '0 9 * * *', lowerBoundDeltaSeconds: 3600, timezone: 'UTC' },
      freshnessStatusInfo: { freshnessStatus: 'HEALTHY' },
      freshnessInfo: { currentMinutesLate: 0 },
    });
    const never = await node('child', selection);
    expect(never).toMatchObject({
      internalFreshnessPolicy: { failWindowSeconds: 7200, warnWindowSeconds: 3600 },
      freshnessStatusInfo: { freshnessStatus: 'UNKNOWN' },
    });
    const materialization = { ...aMaterialization('child'), timestamp: clock.now() - 150 * MINUTE };
    await harness.storage.appendSystemEvents(null, [materialization]);
    expect(await node('child', selection)).toMatchObject({
      freshnessStatusInfo: {
        freshnessStatus: 'DEGRADED',
        freshnessStatusMetadata: { lastMaterializedTimestamp: materialization.timestamp / 1000 },
        since: (clock.now() - 30 * MINUTE) / 1000,
      },
      freshnessInfo: { currentMinutesLate: 30, currentLagMinutes: 150 },
    });
  });
});
