import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type HttpServer, startHttpServer } from '../../lib/cli/local-server/http-server';
import { TAG } from '../../lib/model/tags';
import { SUCCESS } from '../contracts/storage-builders';
import { type ApiHarness, createApiHarness } from '../support/api-harness';
import { installPeerClient, openPeerSession, type PeerSession } from '../support/api-peer-client';

const UNKNOWN_RUN = '00000000-0000-4000-8000-000000000000';

describe('the Python client that is published for Dagster, unmodified, over HTTP', () => {
  let harness: ApiHarness;
  let server: HttpServer;
  let client: PeerSession;
  beforeAll(async () => {
    const python = await installPeerClient();
    harness = await createApiHarness();
    server = await startHttpServer({
      host: '127.0.0.1',
      port: 0,
      handler: (request) => harness.api.handle(request),
      onError: (error) => harness.errors.push(error),
    });
    client = openPeerSession(python, server.port);
  });
  afterAll(async () => {
    await client?.close();
    await server?.close();
    await harness?.close();
  });

  const submit = async (parameters: Record<string, unknown>): Promise<string> => {
    const answer = await client.call('submit_job_execution', parameters);
    expect(answer).toEqual({ ok: expect.any(String) });
    return (answer as { ok: string }).ok;
  };
  const inShop = { repository_location_name: 'shop', repository_name: '__repository__' };

  test('finds jobs by name', async () => {
    expect(await client.call('job_names', { name: 'plain' })).toEqual({
      ok: [
        ['lab', '__repository__', 'plain'],
        ['shop', '__repository__', 'plain'],
      ],
    });
  });

  test('submits a job found by its name alone, with config and tags', async () => {
    const config = { ops: { extract: { config: { table: 'orders' } } } };
    const runId = await submit({ job_name: 'nightly', run_config: config, tags: { team: 'data' } });
    expect(await harness.storage.getRun(runId)).toMatchObject({
      location: 'shop',
      jobName: 'nightly',
      config,
      tags: { team: 'data', [TAG.user]: 'ann' },
    });
  });

  test('submits assets', async () => {
    const runId = await submit({
      ...inShop,
      job_name: '__ASSET_JOB',
      asset_selection: [
        ['raw', 'orders'],
        ['clean', 'orders'],
      ],
      tags: { [TAG.partition]: '2026-01-02' },
    });
    expect((await harness.storage.getRun(runId))?.assetSelection).toEqual(['clean/orders', 'raw/orders']);
  });

  test('follows the status of a run', async () => {
    const runId = await submit({ ...inShop, job_name: 'plain' });
    expect(await client.call('get_run_status', { run_id: runId })).toEqual({ ok: 'STARTING' });
    await harness.work(runId, [], SUCCESS);
    expect(await client.call('get_run_status', { run_id: runId })).toEqual({ ok: 'SUCCESS' });
  });

  test('terminates runs', async () => {
    const [one, two, three] = [
      await submit({ ...inShop, job_name: 'plain' }),
      await submit({ ...inShop, job_name: 'plain' }),
      await submit({ ...inShop, job_name: 'plain' }),
    ];
    expect(await client.call('terminate_run', { run_id: one })).toEqual({ ok: null });
    expect(await client.call('terminate_runs', { run_ids: [two, three] })).toEqual({ ok: null });
    for (const run_id of [one, two, three]) {
      expect(await client.call('get_run_status', { run_id })).toEqual({ ok: 'CANCELED' });
    }
  });

  test('reloads a code location', async () => {
    expect(await client.call('reload_repository_location', { repository_location_name: 'shop' })).toEqual({
      ok: { status: 'SUCCESS', failure_type: null, message: null },
    });
    expect(harness.codeLocations.reloaded).toEqual(['shop']);
  });

  test('understands what is refused', async () => {
    // Prepare
    const ended = await submit({ ...inShop, job_name: 'plain' });
    await harness.work(ended, [], SUCCESS);
    const errorOf = async (method: string, parameters: Record<string, unknown>) => {
      const answer = await client.call(method, parameters);
      return 'error' in answer && answer.cause === null ? answer.error : answer;
    };

    // Act, assess
    expect(await errorOf('submit_job_execution', { ...inShop, job_name: 'nothing' })).toEqual([
      'PipelineNotFoundError',
      expect.stringContaining("'nothing'"),
    ]);
    expect(await errorOf('submit_job_execution', { job_name: 'nothing' })).toEqual([
      'JobNotFoundError',
      expect.stringContaining('nothing'),
    ]);
    expect(await errorOf('submit_job_execution', { job_name: 'plain' })).toEqual([
      expect.stringContaining('Must specify repository_location_name'),
    ]);
    expect(
      await errorOf('submit_job_execution', {
        ...inShop,
        job_name: 'nightly',
        run_config: { ops: { extract: {} } },
      }),
    ).toEqual(['RunConfigValidationInvalid', expect.stringContaining('MISSING_REQUIRED_FIELD')]);
    expect(await errorOf('get_run_status', { run_id: UNKNOWN_RUN })).toEqual([
      'RunNotFoundError',
      expect.stringContaining(UNKNOWN_RUN),
    ]);
    expect(await errorOf('terminate_run', { run_id: UNKNOWN_RUN })).toEqual([
      'RunNotFoundError',
      expect.stringContaining(UNKNOWN_RUN),
    ]);
    expect(await errorOf('terminate_run', { run_id: ended })).toEqual([
      'TerminateRunFailure',
      expect.stringContaining('SUCCESS'),
    ]);
    expect(await errorOf('terminate_runs', { run_ids: [ended, UNKNOWN_RUN] })).toEqual([
      'TerminateRunsError',
      expect.stringContaining('All run terminations failed'),
    ]);
    expect(await errorOf('reload_repository_location', { repository_location_name: 'nowhere' })).toEqual({
      ok: {
        status: 'FAILURE',
        failure_type: 'RepositoryLocationNotFound',
        message: expect.stringContaining('nowhere'),
      },
    });
    expect(await errorOf('reload_repository_location', { repository_location_name: 'broken' })).toEqual({
      ok: {
        status: 'FAILURE',
        failure_type: 'PythonError',
        message: expect.stringContaining('Unexpected token'),
      },
    });
  });

  test('nothing of this was a mistake of the server', () => {
    expect(harness.errors).toEqual([]);
  });
});
