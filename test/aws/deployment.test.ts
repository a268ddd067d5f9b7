import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDataApiDriver } from '../../lib/adapters/postgres/data-api-driver';
import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { systemClock } from '../../lib/adapters/system/system-clock';
import { systemIds } from '../../lib/adapters/system/system-ids';
import { createApiToken } from '../../lib/api/authorizer/api-token';
import { createArchive } from '../../lib/build/archive';
import { buildCodeLocation } from '../../lib/build/build-code-location';
import { createClient, type HeadraceClient } from '../../lib/client';
import { type Deployment, pushBundle, startDeployment } from '../support/aws/deployment';
import { getFromDistribution } from '../support/aws/emulator/call-aws';

const ROOT = process.cwd();
let directory: string;
let deployment: Deployment;
let client: HeadraceClient;

beforeAll(async () => {
  // Outside of the project: what the emulator unpacks there is not part of our package of modules.
  directory = await mkdtemp(join(tmpdir(), 'headrace-aws-'));
  deployment = await startDeployment(directory);
}, 400_000);

afterAll(async () => {
  if (process.env.KEEP !== undefined) console.info(directory);
  await deployment?.stop();
  if (process.env.KEEP === undefined) await rm(directory, { recursive: true, force: true });
}, 60_000);

async function until<T>(what: string, seconds: number, read: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

test('both locations are pushed and come into force', async () => {
  for (const { location, entry, files } of [
    { location: 'orchestration', entry: 'orchestration/index.ts', files: [] },
    { location: 'orchestration-dbt', entry: 'orchestration-dbt/index.ts', files: ['dbt_project'] },
  ]) {
    const built = await buildCodeLocation({
      root: ROOT,
      location,
      entry,
      files,
      externals: ['snowflake-sdk'],
      outDirectory: join(directory, 'bundles'),
    });
    const answer = await pushBundle(deployment, {
      location,
      hash: built.hash,
      archive: await createArchive(built.directory),
      manifest: await readFile(join(built.directory, 'manifest.json'), 'utf8'),
    });
    expect(answer).toMatchObject({ ok: true, bundleHash: built.hash, previous: null });
  }
}, 120_000);

test('a token starts a run through API Gateway', async () => {
  const storage = createPostgresStorage({ url: deployment.databaseUrl });
  const { token } = await createApiToken(
    storage,
    {
      name: 'ci',
      role: 'launcher',
      locations: null,
      createdAt: Date.now(),
      createdBy: 'a test',
      expiresAt: Date.now() + 3_600_000,
    },
    { secret: () => systemIds.uuid().replaceAll('-', '') + systemIds.uuid().replaceAll('-', '') },
  );
  await storage.close();
  client = createClient({ url: deployment.aws.httpApiUrl(deployment.outputs.ApiUrl ?? ''), token });
  const { runId } = await client.launchRun({ location: 'orchestration', job: 'ingest' });
  const run = await until('ingest ends', 120, async () => {
    const now = await client.getRun(runId);
    return ['SUCCESS', 'FAILURE', 'CANCELED'].includes(now.status) ? now : undefined;
  });
  expect([run.status, run.cause]).toEqual(['SUCCESS', null]);
}, 180_000);

test('the dashboard is served', async () => {
  const { host } = new URL(deployment.outputs.Url ?? '');
  const page = await getFromDistribution(deployment.aws.endpoint, host, '/runs');
  expect([page.status, page.body.slice(0, 15)]).toEqual([200, '<!doctype html>']);
});
