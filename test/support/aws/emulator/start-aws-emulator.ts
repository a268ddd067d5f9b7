import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readOutputs, runCdk } from './cdk-cli';
import type { ContainerImages } from './container-engine/container-image';
import {
  ACCOUNT,
  clientEnvironment,
  containerEnvironment,
  REGION,
  serverEnvironment,
} from './emulator-environment';
import { buildEngine, ensureEmulator, freePort } from './emulator-programs';
import { type SupervisedProcess, startSupervised } from './supervised-process';

export interface AwsEmulatorOptions {
  /** Holds logs and temporary files; made when missing, and left there (without the temporary files) by `stop`. */
  readonly directory: string;
  /** Of a server that speaks the RDS Data API. Without it statements get the emulator's canned answers. */
  readonly dataApiUrl?: string;
  /** What containers run, by part of their image's name; more can be registered later. */
  readonly images?: ContainerImages;
  /** More variables for the emulator, and so for its functions, e.g. SFN_WAIT_SCALE. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Functions of launcher.py to apply (without `restore_`); all when left out. */
  readonly restore?: readonly string[];
}

/** An answer that RunTask gives instead of starting a task. */
export type RunTaskFault =
  | { readonly code: string; readonly message: string }
  | { readonly failures: readonly { readonly arn?: string; readonly reason: string }[] };

/** A running emulator of AWS. */
export interface AwsEmulator {
  /** Of every service, e.g. `http://127.0.0.1:41234`. */
  readonly endpoint: string;
  /** Where functions and tasks find the Data API. */
  readonly dataApiUrl: string | undefined;
  /** For AWS's SDKs and the CDK CLI, whole (with PATH and HOME). */
  readonly environment: Readonly<Record<string, string>>;
  /** For an SDK client's constructor. */
  readonly clientConfig: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  readonly pids: readonly number[];
  /**
   * Base URL of an HTTP API's default stage.
   *
   * @param api its id, or its endpoint as a stack puts it out
   */
  httpApiUrl(api: string): string;
  /** Adds images; a name that exists is replaced. */
  registerImages(images: ContainerImages): Promise<void>;
  /** The next calls of RunTask answer like this, one each. */
  failRunTask(faults: readonly RunTaskFault[]): Promise<void>;
  /** Faults that no RunTask has met yet. */
  pendingRunTaskFaults(): Promise<readonly RunTaskFault[]>;
  /** Runs the pinned CDK CLI against the emulator; resolves with its output, throws CdkCliError. */
  cdk(args: readonly string[], options?: { directory?: string; timeoutMs?: number }): Promise<string>;
  /** `cdk bootstrap`: once per emulator, before the first deploy. */
  bootstrap(): Promise<void>;
  /** `cdk deploy` of all stacks; resolves with their outputs: stack → output → value. */
  deploy(options: CdkAppOptions): Promise<Record<string, Record<string, string>>>;
  /** `cdk destroy` of all stacks. */
  destroy(options: CdkAppOptions): Promise<void>;
  /** Everything that the emulator, the engine and the containers wrote, file → text. */
  logs(): Promise<Record<string, string>>;
  /** Ends every process and removes temporary files. Safe to call twice. */
  stop(): Promise<void>;
}

export interface CdkAppOptions {
  /** Command that synthesizes, or a folder with an assembly. */
  readonly app: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

const ENGINE_TIMEOUT_MS = 10_000;
const EMULATOR_TIMEOUT_MS = 60_000;

/**
 * Starts AWS on this machine: an emulator on a free loopback port, with an engine that runs ECS tasks as local
 * processes. Needs no Docker. README.md says what it can and cannot prove.
 *
 * @example
 * const aws = await startAwsEmulator({ directory, images: { worker: { command: ['node', 'worker.mjs'], workingDirectory } } });
 * await aws.bootstrap();
 * const outputs = await aws.deploy({ app: 'node app.mjs' });
 */
export async function startAwsEmulator(options: AwsEmulatorOptions): Promise<AwsEmulator> {
  const { directory, dataApiUrl } = options;
  const files = {
    containers: join(directory, 'containers'),
    temporary: join(directory, 'tmp'),
    images: join(directory, 'images.json'),
    faults: join(directory, 'run-task-faults.json'),
    outputs: join(directory, 'outputs.json'),
    assembly: join(directory, 'cdk.out'),
  };
  await Promise.all([files.containers, files.temporary].map((path) => mkdir(path, { recursive: true })));
  let images = options.images ?? {};
  await writeJson(files.images, images);
  const [{ python, launcher }, port] = await Promise.all([
    ensureEmulator(),
    freePort(),
    buildEngine(directory),
  ]);

  const processes: SupervisedProcess[] = [];
  const stop = async () => {
    // The emulator first: it would report tasks that the engine ends as failed.
    for (const one of processes.splice(0).reverse()) await one.stop();
    await rm(files.temporary, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const taskEnvironment = containerEnvironment(files.temporary, dataApiUrl);
    const engine = startSupervised({
      command: [
        process.execPath,
        ...['--enable-source-maps', join(directory, 'engine.mjs')],
        ...[files.containers, files.images, JSON.stringify(taskEnvironment)],
      ],
      directory,
      environment: {},
      logFile: join(directory, 'engine.log'),
    });
    processes.push(engine);
    const enginePort = await engine.waitUntil(() => readPort(engine.logFile), ENGINE_TIMEOUT_MS);

    const endpoint = `http://127.0.0.1:${port}`;
    const emulator = startSupervised({
      command: [python, launcher],
      directory,
      environment: {
        ...serverEnvironment({
          port,
          enginePort,
          temporaryDirectory: files.temporary,
          faultsFile: files.faults,
          dataApiUrl,
        }),
        ...(options.restore === undefined ? {} : { HEADRACE_RESTORE: options.restore.join(',') }),
        ...options.environment,
      },
      logFile: join(directory, 'emulator.log'),
    });
    processes.push(emulator);
    await emulator.waitUntil(() => isUp(endpoint), EMULATOR_TIMEOUT_MS);

    const environment = clientEnvironment(endpoint, dataApiUrl);
    const cdk: AwsEmulator['cdk'] = (args, { directory: cwd = directory, timeoutMs } = {}) =>
      runCdk(args, { directory: cwd, environment, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
    const cdkApp = async (verb: readonly string[], { app, context = {}, timeoutMs }: CdkAppOptions) => {
      const contextArgs = Object.entries(context).flatMap(([key, value]) => ['--context', `${key}=${value}`]);
      const args = [...verb, '--all', '--app', app, '--output', files.assembly, ...contextArgs];
      await cdk(args, timeoutMs === undefined ? {} : { timeoutMs });
    };
    return {
      endpoint,
      dataApiUrl,
      environment,
      clientConfig: {
        endpoint,
        region: REGION,
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      },
      pids: processes.map(({ pid }) => pid),
      httpApiUrl: (api) =>
        `${endpoint}/_aws/execute-api/${/([a-z0-9]+)\.execute-api\./.exec(api)?.[1] ?? api}/$default`,
      async registerImages(more) {
        images = { ...images, ...more };
        await writeJson(files.images, images);
      },
      failRunTask: (faults) => writeJson(files.faults, faults),
      pendingRunTaskFaults: async () =>
        JSON.parse(await readFile(files.faults, 'utf8').catch(() => '[]')) as RunTaskFault[],
      cdk,
      async bootstrap() {
        await cdk(['bootstrap', `aws://${ACCOUNT}/${REGION}`]);
      },
      async deploy(deployed) {
        await cdkApp(['deploy', '--require-approval', 'never', '--outputs-file', files.outputs], deployed);
        return readOutputs(files.outputs);
      },
      destroy: (destroyed) => cdkApp(['destroy', '--force'], destroyed),
      logs: () => readLogs(directory, files.containers),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The engine says its port in one line. */
async function readPort(logFile: string): Promise<number | undefined> {
  const line = /^\{"port":(\d+)\}$/m.exec(await readFile(logFile, 'utf8'));
  return line?.[1] === undefined ? undefined : Number(line[1]);
}

async function isUp(endpoint: string): Promise<true | undefined> {
  const answer = await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(2_000) }).catch(
    () => undefined,
  );
  return answer?.ok ? true : undefined;
}

/** Renamed into place, so that a reader sees the old or the new, whole. */
async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(value));
  await rename(`${file}.new`, file);
}

async function readLogs(directory: string, containers: string): Promise<Record<string, string>> {
  const names = [
    ...['emulator.log', 'engine.log'].map((name) => join(directory, name)),
    ...(await readdir(containers)).map((name) => join(containers, name)),
  ];
  const texts = await Promise.all(names.map((name) => readFile(name, 'utf8').catch(() => '')));
  return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? '']));
}
