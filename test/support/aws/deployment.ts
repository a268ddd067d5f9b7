import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { buildPrograms } from '../../../bin/build-programs.mjs';
import { ensurePythonEnvironment } from '../../../bin/python-environment.mjs';
import { DATABASE_NAME, DATABASE_USER } from '../../../lib/infra/database';
import { ensureKeyPair } from '../../../tools/local-snowflake/key-pair';
import { type LocalSnowflake, startLocalSnowflake } from '../../../tools/local-snowflake/start';
import { type SampleApis, startSampleApis } from '../../../tools/sample-apis/server';
import { createEmptyDatabase } from '../test-database';
import { type DataApi, startDataApi } from './data-api/start-data-api';
import { type AwsEmulator, startAwsEmulator } from './emulator/start-aws-emulator';

const ROOT = process.cwd();
const DIST = join(ROOT, 'dist');

/** This repository's own project, deployed on an emulator of AWS, with the stand-ins that its code calls. */
export interface Deployment {
  readonly aws: AwsEmulator;
  readonly dataApi: DataApi;
  readonly databaseUrl: string;
  readonly snowflake: LocalSnowflake;
  readonly sampleApis: SampleApis;
  readonly privateKeyFile: string;
  /** Of the stack with functions, tasks and API. */
  readonly outputs: Readonly<Record<string, string>>;
  /** `cdk deploy` again. */
  deploy(context?: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

/** Name of the instance; two on one emulator would need two. */
export const INSTANCE = 'test';
/** What `hooks` of test/fixtures/deployed-project is signed with. */
export const HOOK_SECRET = 'whsec of the deployed project';
/** A bucket of somebody else's, whose objects sensors may follow. */
export const EVENT_BUCKET = 'landing';

/** Starts everything, deploys the real app with `cdk deploy --all`, and fills the locations' secrets. */
export async function startDeployment(directory: string): Promise<Deployment> {
  const stopping: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of stopping.splice(0).reverse()) await step();
  };
  try {
    await buildPrograms({ root: ROOT, outDirectory: DIST, functions: true });
    const { python, bin } = await ensurePythonEnvironment({ root: ROOT });
    const warehouse = join(directory, 'warehouse');
    await mkdir(warehouse, { recursive: true });
    const keys = await ensureKeyPair(join(warehouse, 'key'));
    const [database, snowflake, sampleApis] = await Promise.all([
      createEmptyDatabase(DATABASE_NAME),
      startLocalSnowflake({
        dataDirectory: join(warehouse, 'data'),
        python,
        publicKeyFiles: [keys.publicKeyFile],
        databases: ['ANALYTICS'],
      }),
      startSampleApis(),
    ]);
    stopping.push(
      () => database.drop(),
      () => snowflake.stop(),
      () => sampleApis.close(),
    );

    let secrets: SecretsManagerClient | undefined;
    const dataApi = await startDataApi({
      databaseUrl: database.url,
      async readSecret(secretArn) {
        const { SecretString } =
          (await secrets?.send(new GetSecretValueCommand({ SecretId: secretArn }))) ?? {};
        const user = JSON.parse(SecretString ?? '{}') as { username?: string; password?: string };
        if (user.username === undefined || user.password === undefined)
          throw new Error(`${secretArn} is no log-in`);
        // The cluster's owner is the user that owns this database; the others are made by the migrations.
        return user.username === DATABASE_USER.owner
          ? undefined
          : { username: user.username, password: user.password };
      },
    });
    stopping.push(() => dataApi.stop());
    const aws = await startAwsEmulator({
      directory: join(directory, 'aws'),
      dataApiUrl: dataApi.url,
      images: {
        'container-assets': {
          entrypoint: ['node', '--enable-source-maps'],
          command: [join(DIST, 'bin', 'worker.mjs')],
          workingDirectory: ROOT,
          // What the Dockerfile puts on the path.
          environment: { PATH: `${bin}:${process.env.PATH}` },
        },
      },
    });
    stopping.push(() => aws.stop());
    secrets = new SecretsManagerClient(aws.clientConfig);
    await aws.bootstrap();
    const app = `cd ${ROOT} && node ${join(DIST, 'bin', 'app.mjs')}`;
    const deploy = (context: Readonly<Record<string, string>> = {}) =>
      aws.deploy({
        app,
        context: {
          instance: INSTANCE,
          removalPolicy: 'destroy',
          firstAdmin: 'ann@example.com',
          eventBuckets: EVENT_BUCKET,
          ...context,
        },
        timeoutMs: 300_000,
      });
    const outputs = (await deploy())[INSTANCE] ?? {};
    for (const location of ['orchestration', 'orchestration-dbt']) {
      await secrets.send(
        new PutSecretValueCommand({
          SecretId: outputs[`Secret${location.replaceAll('-', '')}`],
          SecretString: JSON.stringify({
            HOOK_SECRET,
            USGS_URL: `${sampleApis.url}/fdsnws/event/1`,
            GITHUB_URL: sampleApis.url,
            FLIGHTS_URL: sampleApis.url,
            SNOWFLAKE_ACCOUNT: snowflake.account,
            SNOWFLAKE_USER: snowflake.user,
            SNOWFLAKE_PRIVATE_KEY: readFileSync(keys.privateKeyFile, 'utf8'),
            SNOWFLAKE_HOST: '127.0.0.1',
            SNOWFLAKE_PORT: String(snowflake.port),
            SNOWFLAKE_PROTOCOL: 'http',
          }),
        }),
      );
    }
    return {
      aws,
      dataApi,
      snowflake,
      sampleApis,
      privateKeyFile: keys.privateKeyFile,
      outputs,
      stop,
      databaseUrl: database.url,
      deploy: async (context) => void (await deploy(context)),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs the CLI as a person signed in to the account would; rejects with what it wrote when it fails. */
export function runCli({ aws }: Deployment, home: string, ...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--enable-source-maps', join(DIST, 'bin', 'headrace.mjs'), ...args],
      {
        cwd: ROOT,
        env: { ...aws.environment, XDG_CONFIG_HOME: home, HEADRACE_HOME: home },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: 300_000,
      },
    );
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(out);
      else reject(new Error(`headrace ${args.join(' ')} exited with ${code}:\n${out}\n${err}`));
    });
  });
}
