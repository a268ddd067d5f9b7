import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListTasksCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import {
  ClientError,
  type CreatedApiToken,
  createClient,
  type HeadraceClient,
  type RunView,
} from '../../lib/client';
import { ruleNamePrefix } from '../../lib/model/event-bus-rules';
import type { Storage } from '../../lib/ports/storage';
import {
  type Deployment,
  EVENT_BUCKET,
  HOOK_SECRET,
  INSTANCE,
  runCli,
  startDeployment,
} from '../support/aws/deployment';
import { getFromDistribution, queryAws } from '../support/aws/emulator/call-aws';
import { readTables } from '../support/read-tables';

/**
 * The real app, deployed with the CDK's own CLI on an emulator of AWS, and used as its users would: in this order, on
 * one deployment.
 */
let directory: string;
let deployment: Deployment;
let storage: Storage;
let client: HeadraceClient;
const times: string[] = [];

beforeAll(async () => {
  // Outside of the project: what the emulator unpacks there is not part of our package of modules.
  directory = await mkdtemp(join(tmpdir(), 'headrace-aws-'));
  deployment = await timed('start and deploy', startDeployment(directory));
  storage = createPostgresStorage({ url: deployment.databaseUrl });
}, 600_000);

afterAll(async () => {
  await storage?.close();
  if (process.env.DUMP !== undefined)
    await writeFile(process.env.DUMP, JSON.stringify(await deployment.aws.logs()));
  await deployment?.stop();
  await rm(directory, { recursive: true, force: true });
  console.info(times.join(', '));
});

async function timed<T>(phase: string, work: Promise<T>): Promise<T> {
  const started = Date.now();
  const result = await work;
  times.push(`${phase} ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return result;
}

async function until<T>(what: string, seconds: number, read: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

const cli = (...args: readonly string[]) => runCli(deployment, directory, '--profile', 'test', ...args);

const ended = (runId: string, seconds: number): Promise<RunView> =>
  until(`run ${runId} ends`, seconds, async () => {
    // On a busy machine a function may miss the gateway's time; the next look asks again.
    const run = await client.getRun(runId).catch((error: unknown) => {
      if (error instanceof ClientError && error.transient) return undefined;
      throw error;
    });
    if (run === undefined) return undefined;
    return ['SUCCESS', 'FAILURE', 'CANCELED'].includes(run.status) ? run : undefined;
  });

async function workers(): Promise<{ readonly ecs: ECSClient; readonly cluster: string }> {
  const ecs = new ECSClient(deployment.aws.clientConfig);
  const { clusterArns = [] } = await ecs.send(new ListClustersCommand({}));
  const cluster = clusterArns.find((arn) => arn.includes('Workers'));
  if (cluster === undefined) throw new Error(`No cluster of workers among ${clusterArns.join(', ')}.`);
  return { ecs, cluster };
}

/** The ECS task of a run, once it is there. */
const taskOf = (runId: string): Promise<string> =>
  until(`a task of run ${runId}`, 30, async () => {
    const { ecs, cluster } = await workers();
    const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster }));
    if (taskArns.length === 0) return undefined;
    const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
    return tasks.find(({ overrides }) => JSON.stringify(overrides).includes(runId))?.taskArn;
  });

/** What the runs of `slow` printed, as it is kept in S3. */
async function logOf(runId: string): Promise<string> {
  const s3 = new S3Client({ ...deployment.aws.clientConfig, forcePathStyle: true });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const Bucket = Buckets.find(({ Name }) => Name?.includes('storagelogs'))?.Name;
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket, Prefix: `compute_logs/${runId}/dawdle.1/stdout/` }),
  );
  const parts = await Promise.all(
    Contents.map(async ({ Key }) =>
      (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString(),
    ),
  );
  return parts.join('');
}

/** Until user code of the run's first step has begun. */
const begun = (runId: string): Promise<true> =>
  until(`a step of run ${runId} begins`, 60, async () => {
    const events = await storage.runEvents({ runId, limit: 100 });
    return events.some(({ type }) => type === 'STEP_START') || undefined;
  });

test('Both locations are pushed by the CLI, signed with the account, and come into force', async () => {
  await runCli(deployment, directory, 'profile', 'add', 'test', '--stack', INSTANCE, '--iam');
  // Names below execute-api are known to the emulator only.
  const profiles = join(directory, 'headrace', 'profiles.yaml');
  const api = deployment.outputs.ApiUrl ?? '';
  const text = await readFile(profiles, 'utf8');
  expect(text).toContain(api);
  await writeFile(profiles, text.replaceAll(api, deployment.aws.httpApiUrl(api)));
  const out = await timed('push', cli('push', '--all', '--yes'));
  expect(out).toMatch(/orchestration/);

  // The first token: by whoever the account's IAM lets be admin.
  const created = await cli('--json', 'token', 'create', 'ci', '--role', 'admin', '--expires-in-days', '1');
  const { token, createdBy } = JSON.parse(created) as CreatedApiToken;
  expect(createdBy).toMatch(/^arn:aws:/);
  client = createClient({
    url: deployment.aws.httpApiUrl(deployment.outputs.ApiUrl ?? ''),
    token,
    pollMs: 250,
  });
  const { locations } = await client.codeLocations();
  expect(locations.map(({ name, error }) => [name, error])).toEqual([
    ['orchestration', null],
    ['orchestration-dbt', null],
  ]);
}, 400_000);

test('Nobody gets in without a token, or with a wrong one', async () => {
  const url = `${deployment.aws.httpApiUrl(deployment.outputs.ApiUrl ?? '')}/api/runs`;
  const statuses = await Promise.all(
    [undefined, 'Bearer nothing', `Bearer headrace_${'0'.repeat(16)}_${'0'.repeat(64)}`].map(
      async (authorization) =>
        (await fetch(url, { headers: authorization === undefined ? {} : { authorization } })).status,
    ),
  );
  expect(statuses.every((status) => status === 401 || status === 403)).toBe(true);
});

test('The first push after a deploy is looked at at once: the sensor that follows ingestion misses no run', async () => {
  const tick = await timed(
    'first look of the sensor',
    until('a tick of the sensor', 150, async () => (await storage.latestTicks(1)).at(0)),
  );
  expect(tick).toMatchObject({
    instigator: { name: 'transform_after_ingest' },
    status: 'SKIPPED',
    error: null,
  });
  // Rules call the function too, but not asynchronously by Lambda's API; a push asks so for each location.
  await until('the wake-ups that pushes ask for', 30, async () => {
    const logs = Object.values(await deployment.aws.logs()).join('\n');
    const asked = logs.match(/Lambda test-evaluate-ticks async output/g) ?? [];
    return asked.length >= 2 || undefined;
  });
});

test('A run started through API Gateway loads three sources into the warehouse from an ECS task', async () => {
  const { runId } = await client.launchRun({ location: 'orchestration', job: 'ingest' });
  const run = await timed('ingest', ended(runId, 120));
  expect([run.status, run.cause, run.attempt]).toEqual(['SUCCESS', null, 1]);

  const events = await storage.runEvents({ runId, limit: 1_000 });
  expect(events.filter(({ type }) => type === 'ASSET_MATERIALIZATION').length).toBeGreaterThan(5);
  expect(events.at(-1)?.type).toBe('RUN_SUCCESS');
  const tables = await readTables(
    { ...deployment.snowflake, privateKeyFile: deployment.privateKeyFile },
    { EARTHQUAKES: 'id', AIRPORTS: 'iata', FLIGHTS: '*' },
  );
  expect(tables).toMatchObject({
    EARTHQUAKES: { rows: 1_707, keys: 1_707 },
    AIRPORTS: { rows: 3_376, keys: 3_376 },
    FLIGHTS: { rows: 113_493 },
  });
});

test('The sensor starts dbt, which builds its project in a task', async () => {
  const run = await timed(
    'sensor and dbt',
    until('transform follows', 150, async () => {
      const [found] = await client.listRuns({ location: 'orchestration-dbt', job: 'transform', limit: 1 });
      return found;
    }).then(({ runId }) => ended(runId, 120)),
  );
  expect([run.status, run.cause]).toEqual(['SUCCESS', null]);
  expect(run.tags['dagster/sensor_name']).toBe('transform_after_ingest');
  const events = await storage.runEvents({ runId: run.runId, limit: 1_000 });
  const checks = events.filter(({ type }) => type === 'ASSET_CHECK_EVALUATION');
  expect(checks.length).toBeGreaterThan(20);
  expect(checks.every(({ data }) => 'passed' in data && data.passed)).toBe(true);
});

test('Another version is pushed: its schedule fires by a rule every minute, and runs on Lambda', async () => {
  await timed(
    'push of another version',
    cli('-C', 'test/fixtures/deployed-project', 'push', 'orchestration', '--yes'),
  );
  const run = await timed(
    'schedule and Lambda',
    until('a beat', 150, async () => {
      const [found] = await client.listRuns({ location: 'orchestration', job: 'beats', limit: 1 });
      return found;
    }).then(({ runId }) => ended(runId, 60)),
  );
  expect([run.status, run.tags['dagster/schedule_name']]).toEqual(['SUCCESS', 'every_minute']);
  const { Rules = [] } = await new EventBridgeClient(deployment.aws.clientConfig).send(
    new ListRulesCommand({ NamePrefix: `${INSTANCE}-` }),
  );
  expect(
    Rules.some(
      ({ ScheduleExpression, State }) => ScheduleExpression?.startsWith('cron(') && State === 'ENABLED',
    ),
  ).toBe(true);
  // On Lambda: no task was started for it.
  const { ecs, cluster } = await workers();
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, desiredStatus: 'STOPPED' }));
  const { tasks = [] } =
    taskArns.length === 0 ? {} : await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
  expect(JSON.stringify(tasks)).not.toContain(run.runId);
});

/** The run that a sensor asked for, once it has ended. */
const runOf = (sensor: string): Promise<RunView> =>
  until(`a run by ${sensor}`, 60, async () =>
    (await client.listRuns({ location: 'orchestration', job: 'receive', limit: 20 })).find(
      ({ tags }) => tags['dagster/sensor_name'] === sensor,
    ),
  ).then(({ runId }) => ended(runId, 60));

test('A signed webhook, a message on the queue and an object in a bucket of somebody else launch a run each', async () => {
  const url = `${deployment.aws.httpApiUrl(deployment.outputs.ApiUrl ?? '')}/api/webhooks/orchestration/hooks`;
  const post = (key: string): Promise<Response> => {
    const [id, time, body] = ['order-1', String(Math.floor(Date.now() / 1_000)), '{"order":1}'];
    const signature = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64');
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': time,
      'webhook-signature': `v1,${signature}`,
      'content-type': 'application/json',
    };
    return fetch(url, { method: 'POST', headers, body });
  };
  expect((await post('guessed')).status).toBe(401);
  const sqs = new SQSClient(deployment.aws.clientConfig);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${INSTANCE}-events` }));
  const s3 = new S3Client({ ...deployment.aws.clientConfig, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: EVENT_BUCKET }));
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: EVENT_BUCKET,
      NotificationConfiguration: { EventBridgeConfiguration: {} },
    }),
  );

  const answers = [await post(HOOK_SECRET), await post(HOOK_SECRET)];
  await sqs.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: '{"order":2}',
      MessageAttributes: { sensor: { DataType: 'String', StringValue: 'orchestration/messages' } },
    }),
  );
  await s3.send(new PutObjectCommand({ Bucket: EVENT_BUCKET, Key: 'out/3.csv', Body: 'not followed' }));
  await s3.send(new PutObjectCommand({ Bucket: EVENT_BUCKET, Key: 'in/3.csv', Body: 'order\n3\n' }));

  expect(answers.map(({ status }) => status)).toEqual([202, 202]);
  expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual([
    { eventId: 'order-1', created: true },
    { eventId: 'order-1', created: false },
  ]);
  const runs = await timed('three pushed events', Promise.all(['hooks', 'messages', 'landed'].map(runOf)));
  expect(runs.map(({ status, tags }) => [status, JSON.parse(tags.body ?? '')])).toEqual([
    ['SUCCESS', { order: 1 }],
    ['SUCCESS', { order: 2 }],
    ['SUCCESS', expect.objectContaining({ bucket: EVENT_BUCKET, key: 'in/3.csv', size: 8 })],
  ]);
  const received = await client.listRuns({ location: 'orchestration', job: 'receive', limit: 20 });
  expect(received).toHaveLength(3);
});

test('An alert of a failed run reaches whoever follows the topic', async () => {
  const { endpoint, clientConfig } = deployment.aws;
  const topics = await queryAws(endpoint, 'sns', { Action: 'ListTopics' });
  const [TopicArn] = /arn:aws:sns:[^<]*Alerts[^<]*/.exec(topics) ?? ['no topic'];
  const sqs = new SQSClient(clientConfig);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'on-call' }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const Endpoint = Attributes?.QueueArn ?? 'no queue';
  await queryAws(endpoint, 'sns', { Action: 'Subscribe', TopicArn, Protocol: 'sqs', Endpoint });

  const { runId } = await client.launchRun({ location: 'orchestration', job: 'broken' });
  expect((await ended(runId, 60)).status).toBe('FAILURE');

  const alert = await timed(
    'alert',
    until('an alert on the topic', 90, async () => {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
      return Messages.map(({ Body = '{}' }) => (JSON.parse(Body) as { Message: string }).Message).at(0);
    }),
  );
  expect(alert).toContain(`Headrace ${INSTANCE}: `);
  expect(alert).toContain('broken');
});

test('Pausing takes the rules of schedules and sensors away, and resuming makes them again', async () => {
  const tickRules = async (): Promise<readonly (string | undefined)[]> => {
    const { Rules = [] } = await new EventBridgeClient(deployment.aws.clientConfig).send(
      new ListRulesCommand({ NamePrefix: `${ruleNamePrefix(INSTANCE)}tick-` }),
    );
    return Rules.map(({ ScheduleExpression, State }) => `${ScheduleExpression} ${State}`).sort();
  };
  const before = await tickRules();
  expect(before.length).toBeGreaterThan(0);

  await timed('pause', cli('pause', '--all'));
  const paused = await tickRules();
  await timed('resume', cli('resume', '--all'));

  expect(paused).toEqual([]);
  expect(await tickRules()).toEqual(before);
});

test('A run gets the task that its tags ask for; one that asks for what is not declared is refused', async () => {
  const slow = { location: 'orchestration', job: 'slow' };
  await expect(client.launchRun({ ...slow, tags: { 'headrace/image': 'gpu' } })).rejects.toThrow(
    /declares no images/,
  );
  const tags = { 'headrace/cpu': '512', 'headrace/memory': '3072', 'headrace/spot': 'true' };
  const { runId } = await client.launchRun({ ...slow, tags });
  await begun(runId);
  const { ecs, cluster } = await workers();
  const task = await taskOf(runId);
  const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [task] }));
  expect(tasks[0]?.overrides).toMatchObject({
    cpu: '512',
    memory: '3072',
    taskRoleArn: expect.stringMatching(/^arn:aws:iam::\d{12}:role\//),
  });
  await client.cancelRun(runId);
  expect((await timed('a task of its own size', ended(runId, 90))).status).toBe('CANCELED');
});

test('A run is canceled: its task is stopped, and the cause names who asked', async () => {
  const { runId } = await client.launchRun({ location: 'orchestration', job: 'slow' });
  await begun(runId);
  const task = await taskOf(runId);
  await client.cancelRun(runId);
  const run = await timed('cancel', ended(runId, 90));
  // Where the files are that were pushed with the code.
  expect(await logOf(runId)).toMatch(/^attempt 1 dawdles in \S+\/headrace-bundles\/[0-9a-f]+\n$/);
  expect([run.status, run.cause]).toEqual(['CANCELED', expect.stringContaining('ci')]);
  const { ecs, cluster } = await workers();
  await until('the task is gone', 30, async () => {
    const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [task] }));
    return tasks.every(({ lastStatus }) => lastStatus === 'STOPPED') || undefined;
  });
});

test('A task is stopped under a run: the next attempt finishes it', async () => {
  const { runId } = await client.launchRun({ location: 'orchestration', job: 'slow' });
  await begun(runId);
  const { ecs, cluster } = await workers();
  await ecs.send(new StopTaskCommand({ cluster, task: await taskOf(runId), reason: 'taken away by a test' }));
  const run = await timed('retry of a stopped task', ended(runId, 150));
  expect([run.status, run.attempt]).toEqual(['SUCCESS', 2]);
});

test('A second deploy updates the functions, and what was pushed stays in force', async () => {
  const before = await client.codeLocations();
  await timed('second deploy', deployment.deploy({ spot: 'true' }));
  expect(await client.codeLocations()).toEqual(before);
});

test('A location is rolled back to the version before, which serves again', async () => {
  await timed('rollback', cli('rollback', 'orchestration', '--yes'));
  const { runId } = await client.launchRun({ assets: ['raw/airports'] });
  expect((await ended(runId, 90)).status).toBe('SUCCESS');
  await expect(client.launchRun({ location: 'orchestration', job: 'slow' })).rejects.toThrow(/slow/);
});

test('The dashboard and its configuration are served from the distribution, and the API under the same name', async () => {
  // Read from the bucket: the emulator's distribution may not, where a bucket takes requests over TLS only.
  const s3 = new S3Client({ ...deployment.aws.clientConfig, forcePathStyle: true });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const Bucket = Buckets.find(({ Name }) => Name?.includes('dashboardfiles'))?.Name;
  const get = async (Key: string) => {
    const { Body, CacheControl, ContentType } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return { text: (await Body?.transformToString()) ?? '', CacheControl, ContentType };
  };
  const page = await get('index.html');
  expect(page).toMatchObject({ ContentType: 'text/html; charset=utf-8', CacheControl: 'no-cache' });
  const script = /src="\/(assets\/[^"]+\.js)"/.exec(page.text)?.[1] ?? 'no script';
  expect((await get(script)).CacheControl).toBe('public, max-age=31536000, immutable');
  const config = JSON.parse((await get('config.json')).text) as {
    readonly auth: { readonly clientId: string };
  };
  expect(config).toMatchObject({ apiUrl: '/graphql', auth: { groupPrefix: 'headrace-' } });
  expect(config.auth.clientId).not.toContain('Token');
  const { host } = new URL(deployment.outputs.Url ?? '');
  expect((await getFromDistribution(deployment.aws.endpoint, host, '/healthz')).status).toBe(200);
});
