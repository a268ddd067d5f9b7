import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { CodeLocationsView, FailedRun, InstanceView, RunDebugInfo, RunView } from '../../../lib/client';
import { deliverOutbox } from '../../../lib/engine/deliver-outbox';
import { dequeue } from '../../../lib/engine/dequeue';
import { finalizeRun } from '../../../lib/engine/finalize-run';
import { CODE_LOCATION_NAMESPACE, type PushedCodeLocation } from '../../../lib/model/pushed-code-location';
import { REDACTED } from '../../../lib/model/redact';
import { TAG } from '../../../lib/model/tags';
import { defaultInstanceSettings } from '../../../lib/settings/instance-settings';
import { SUCCESS, UNLIMITED } from '../../contracts/storage-builders';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';

const SETTINGS = { ...defaultInstanceSettings(), runQueue: UNLIMITED };

describe('operations over REST', () => {
  let harness: ApiHarness;
  beforeAll(async () => {
    harness = await createApiHarness();
  });
  afterEach(() => harness.rest('POST', '/api/instance/resume'));
  afterAll(() => harness.close());

  async function launch(body: Record<string, unknown> = {}): Promise<string> {
    const answer = await harness.rest<{ runId: string }>('POST', '/api/runs', {
      body: { job: 'plain', location: 'shop', ...body },
    });
    expect(answer.status).toBe(201);
    return answer.body.runId;
  }
  const getRun = async (runId: string) => (await harness.rest<RunView>('GET', `/api/runs/${runId}`)).body;
  const pause = (scope: string) =>
    harness.rest<InstanceView>('POST', '/api/instance/pause', { body: { scope } });

  describe('a pause', () => {
    test('keeps new runs in the queue, says so on them, and starts them when it ends', async () => {
      // Prepare
      const paused = await pause('all');
      expect(paused.body.paused).toMatchObject({ scope: 'all', by: 'ann' });

      // Act
      const runId = await launch();
      await dequeue(harness.instance, SETTINGS);

      // Assess
      const waiting = await getRun(runId);
      expect(waiting.status).toBe('QUEUED');
      expect(waiting.waitingFor).toMatch(/paused by ann since/);

      const resumed = await harness.rest<InstanceView>('POST', '/api/instance/resume');
      expect(resumed.body.paused).toBeNull();
      expect((await getRun(runId)).status).toBe('STARTING');
    });

    test('leaves runs in progress alone', async () => {
      const runId = await launch();
      await pause('all');
      await harness.work(runId, [], SUCCESS);
      expect((await getRun(runId)).status).toBe('SUCCESS');
    });

    test('is what daemon health says', async () => {
      await pause('dequeue');
      const { data } = await harness.graphql<{
        instance: { daemonHealth: { allDaemonStatuses: { daemonType: string; healthy: boolean }[] } };
      }>('query { instance { daemonHealth { allDaemonStatuses { daemonType healthy } } } }');
      const unhealthy = data.instance.daemonHealth.allDaemonStatuses
        .filter(({ healthy }) => !healthy)
        .map(({ daemonType }) => daemonType);
      expect(unhealthy).toEqual(['QUEUED_RUN_COORDINATOR']);
    });

    test('needs an admin', async () => {
      const refused = await harness.rest('POST', '/api/instance/pause', { body: {}, role: 'editor' });
      expect(refused.status).toBe(403);
      expect((await harness.rest<InstanceView>('GET', '/api/instance')).body.paused).toBeNull();
    });
  });

  describe('POST /api/runs/{id}/fail', () => {
    test('marks a running run with who and why, stops its worker, refuses its words, and makes no retry', async () => {
      // Prepare
      const runId = await launch({ tags: { [TAG.maxRetries]: '3' } });
      await deliverOutbox(harness.instance, SETTINGS);
      const worker = await harness.work(runId);

      // Act
      const answer = await harness.rest<FailedRun>('POST', `/api/runs/${runId}/fail`, {
        body: { reason: 'hangs in a driver' },
      });

      // Assess
      expect(answer.body).toMatchObject({
        stopped: true,
        run: { status: 'FAILURE', cause: 'Marked as failed by ann from the API: hangs in a driver' },
      });
      expect(harness.launcher.stopped).toContain(`${runId}-${worker.attempt}`);
      await finalizeRun(harness.instance, SETTINGS, { runId, attempt: worker.attempt, cause: null });
      const children = await harness.storage.listRuns({
        filter: { tags: [{ key: TAG.parentRunId, values: [runId] }] },
        limit: 5,
      });
      expect(children).toEqual([]);
    });

    test('says why it cannot: queued, or ended already', async () => {
      await pause('all');
      const queued = await launch();
      const refused = await harness.rest('POST', `/api/runs/${queued}/fail`, { body: { reason: 'x' } });
      expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringMatching(/Cancel it/) } });
      await harness.rest('POST', '/api/instance/resume');
      await harness.work(queued, [], SUCCESS);
      const ended = await harness.rest('POST', `/api/runs/${queued}/fail`, { body: { reason: 'x' } });
      expect(ended).toMatchObject({ status: 409, body: { detail: expect.stringMatching(/SUCCESS/) } });
    });
  });

  test('GET /api/runs/{id}/debug gives the stored run, plan and settings without secrets', async () => {
    const runId = await launch({ tags: { api_token: 'abc' } });
    const { body } = await harness.rest<RunDebugInfo>('GET', `/api/runs/${runId}/debug`);
    expect(body).toMatchObject({
      run: { runId, tags: { api_token: REDACTED } },
      version: '1.2.3',
      codeLocation: { name: 'shop' },
    });
    expect(body.plan).not.toBeNull();
    expect(body.settings).toHaveProperty('runQueue');
  });

  test('GET /api/code-locations lists versions that were pushed', async () => {
    const pushed: PushedCodeLocation = {
      bundleHash: 'b'.repeat(32),
      error: null,
      updatedAt: 2,
      versions: [
        { bundleHash: 'b'.repeat(32), pushedAt: 2, by: 'ann' },
        { bundleHash: 'a'.repeat(32), pushedAt: 1, by: null },
      ],
    };
    await harness.storage.putValue(CODE_LOCATION_NAMESPACE, 'shop', pushed);
    const { body } = await harness.rest<CodeLocationsView>('GET', '/api/code-locations');
    expect(body.locations.find(({ name }) => name === 'shop')?.versions).toEqual(pushed.versions);
    expect(body.locations.filter(({ error }) => error !== null)).toHaveLength(1);
  });
});
