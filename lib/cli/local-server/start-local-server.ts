import { join } from 'node:path';
import { bundlesFolder, createLocalInstance } from '../../adapters/local/create-local-instance';
import { openLocalDatabase } from '../../adapters/local/local-database';
import { watchBuckets } from '../../adapters/local/watch-buckets';
import { identifyApiToken } from '../../api/authorizer/identify-api-token';
import { createApi } from '../../api/create-api';
import { afterCommit } from '../../engine/after-commit';
import { applyPoolLimits } from '../../engine/apply-pool-limits';
import { finalizeRun } from '../../engine/finalize-run';
import { receiveObject } from '../../engine/receive-object';
import { reconcileScheduler } from '../../engine/reconcile-scheduler';
import { wakeUp } from '../../engine/wake-up';
import { addToEnvironment, environmentSecrets } from '../../environment';
import { passText } from '../../execution/passed-output';
import type { CodeLocation } from '../../model/code-location';
import { SecretMask } from '../../model/secret-mask';
import type { Instance } from '../../ports/instance';
import type { Project } from '../project';
import { createAccess } from './access';
import { claimHome } from './claim-home';
import { type RunningService, startDevelopmentService } from './development-service';
import { requireFreePort, startHttpServer } from './http-server';
import { openCodeLocations } from './open-code-locations';
import { openHome } from './open-home';
import { retractServerFile, writeServerFile } from './server-file';
import { openServerToken } from './server-token';
import { createStaticFiles } from './static-files';

export interface LocalServerOptions {
  readonly project: Project;
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** Evaluate schedules and sensors. A server that lives for one command only does not. */
  readonly schedules: boolean;
  /** Start the development services whose variables are not set. */
  readonly services: boolean;
  /** Rebuild locations when their sources change. */
  readonly watch: boolean;
  readonly databaseUrl: string | undefined;
  /** What the API asks for; default: the one of this home, `openServerToken`. */
  readonly token?: string | undefined;
  /** Progress, a line each. */
  onProgress(line: string): void;
  /** What went wrong and is being dealt with; what user code's processes print. */
  onLog(line: string): void;
}

/** Everything of Headrace on this machine, running. */
export interface LocalServer {
  readonly url: string;
  /** What its API asks for (see `createAccess`). */
  readonly token: string;
  readonly instance: Instance;
  /** Stops it all; runs in progress are resumed by the next start. */
  close(): Promise<void>;
}

/**
 * Starts the embedded parts one after another and hands them to the engine: database, development services, code
 * locations, run queue, schedules, API and dashboard.
 *
 * @throws {HomeInUseError} another server has the home
 * @throws {CliError} or the part's own error, after stopping what had started
 */
export async function startLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  const { project, onProgress } = options;
  const { root, home, settings } = project;
  const mask = new SecretMask(environmentSecrets());
  const onLog = (line: string): void => options.onLog(mask.text(line));
  openHome(home);
  const giveBack = await claimHome(home, onProgress);
  const closing: (() => Promise<void>)[] = [async () => giveBack()];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) {
      await step().catch((error: unknown) => onLog(`While stopping: ${String(error)}`));
    }
  };
  const onError = (message: string, error: unknown): void => onLog(`${message}: ${describe(error)}`);
  try {
    await requireFreePort(options.host, options.port);
    onProgress('starting PostgreSQL');
    const [database] = await Promise.all([
      openLocalDatabase({ home, databaseUrl: options.databaseUrl, onLog }).then((opened) => {
        closing.push(() => opened.stop());
        return opened;
      }),
      options.services ? startServices(project, onProgress, closing) : undefined,
    ]);
    onProgress('loading code locations');
    const locations = await openCodeLocations(project, {
      bundles: bundlesFolder(home),
      watch: options.watch,
      mask,
      onLog,
    });
    closing.push(() => locations.close());
    const logErrors = (errors: readonly unknown[]): void => {
      for (const error of errors) onError('Engine', error);
    };
    const local = createLocalInstance({
      root,
      home,
      database,
      codeLocations: locations.registry,
      programs: project.programs,
      codeLocationTimeouts: { load: settings.codeServers.localStartupTimeout },
      keepsOutput: settings.computeLogs.enabled,
      finalize: (instance, input) => finalizeRun(instance, settings, input),
      dequeue: (instance) => afterCommit(instance, settings),
      wakeUp: async (instance) => logErrors(await wakeUp(instance, settings, { ticks: options.schedules })),
      onError,
      onAlert: onLog,
      alertsWebhook: project.environment.HEADRACE_ALERTS_WEBHOOK,
      openOutput: (location) =>
        passText(mask, (text) => onLog((location === null ? text : `[${location}] ${text}`).trimEnd())),
      onSecret: (secret) => mask.add(secret),
    });
    closing.push(() => local.close());
    const { instance } = local;
    const locationChanged = async (): Promise<void> => {
      await applyPoolLimits(instance, settings);
      if (options.schedules) await reconcileScheduler(instance, settings);
      for (const { name, bundleHash } of await instance.codeLocations.list())
        if (bundleHash !== null) await local.warm(name, bundleHash);
    };
    await locationChanged();
    locations.onChange((location) => {
      onLog(describeChange(location));
      locationChanged().catch((error: unknown) => onError('A code location changed', error));
    });
    // An empty variable is one that is not set: it must not let in whoever shows nothing.
    const token = options.token || openServerToken(home);
    mask.add(token);
    const authorize = createAccess({
      token,
      identify: (token) => identifyApiToken(instance.storage, token, instance.clock.now()),
    });
    const api = createApi({
      instance,
      options: { version: project.version, engine: settings },
      authorize,
      onError: (error) => onError('API', error),
    });
    const dashboard = createStaticFiles(project.dashboard);
    const server = await startHttpServer({
      host: options.host,
      port: options.port,
      handler: async (request) => {
        const { pathname } = new URL(request.url);
        return isApi(pathname) ? api.handle(request) : dashboard(pathname);
      },
      onError: (error) => onError('HTTP', error),
    });
    closing.push(() => server.close());
    writeServerFile(home, { url: server.url, pid: process.pid, token });
    closing.push(async () => retractServerFile(home));
    await local.resume();
    if (options.schedules) {
      const buckets = await watchBuckets(
        join(home, 'buckets'),
        (object, version) => receiveObject(instance, object, version),
        (error) => onError('Buckets', error),
      );
      closing.push(async () => buckets.close());
    }
    logErrors(await wakeUp(instance, settings, { ticks: options.schedules }));
    return { url: server.url, token, instance, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function describeChange({ name, error, bundleHash }: CodeLocation): string {
  if (error === null) return `Code location ${name} is loaded.`;
  const rest = bundleHash === null ? '' : '\nIts last good definitions stay in force.';
  return `Code location ${name} does not load:\n${error.message}${rest}`;
}

const isApi = (pathname: string): boolean =>
  pathname === '/graphql' || pathname === '/healthz' || pathname.startsWith('/api/');

/** Starts, side by side, the services that stand in for what the user has not configured. */
async function startServices(
  project: Project,
  onProgress: (line: string) => void,
  closing: (() => Promise<void>)[],
): Promise<void> {
  const { root, home, settings, lookUp } = project;
  const needed = settings.dev.services.filter(
    ({ environment }) => !Object.keys(environment).some((name) => lookUp(name) !== undefined),
  );
  const start = async (service: (typeof needed)[number]): Promise<RunningService> => {
    onProgress(`starting ${service.name}`);
    const running = await startDevelopmentService(service, {
      root,
      placeholders: { home, node: process.execPath },
      logFile: join(home, 'logs', `${service.name}.log`),
    });
    closing.push(() => running.stop());
    return running;
  };
  for (const { environment } of await Promise.all(needed.map(start))) addToEnvironment(environment);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
