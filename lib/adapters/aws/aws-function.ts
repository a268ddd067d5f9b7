import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAwsEnvironment } from '../../environment';
import { PortError } from '../../ports/errors';
import type { Storage } from '../../ports/storage';
import type { InstanceSettings } from '../../settings/instance-settings';
import { SETTINGS_FILE } from '../../settings/settings-file';
import { createDataApiDriver } from '../postgres/data-api-driver';
import { createPostgresStorage } from '../postgres/postgres-storage';
import { systemClock } from '../system/system-clock';
import { systemIds } from '../system/system-ids';
import { type AwsInstance, CONTROL_PLANE_VARIABLES, createAwsInstance } from './create-aws-instance';
import { createFunctionLog, type FunctionLog, type LambdaContext } from './function-log';
import { measuredStorage } from './measured-storage';

const STORAGE_VARIABLES = [
  'HEADRACE_INSTANCE',
  'HEADRACE_CLUSTER_ARN',
  'HEADRACE_DATABASE',
  'HEADRACE_SECRET_ARN',
] as const;

/** What a function of the control plane works with. */
export interface AwsFunction extends AwsInstance {
  readonly settings: InstanceSettings;
  readonly log: FunctionLog;
}

/**
 * Opens what a function of the control plane needs, once for each of its processes.
 *
 * @param directory the handler's own, where its settings lie
 * @throws {EnvironmentError} a variable is missing
 * @throws {PortError} the settings are missing
 * @example const { instance, settings, log } = openAwsFunction(import.meta.dirname);
 */
export function openAwsFunction(directory: string): AwsFunction {
  const environment = readAwsEnvironment(CONTROL_PLANE_VARIABLES);
  const log = createFunctionLog({ instance: environment.HEADRACE_INSTANCE, now: systemClock.now });
  const opened = createAwsInstance(environment, { clock: systemClock, ids: systemIds });
  const storage = measuredStorage(opened.instance.storage, { clock: systemClock, log });
  return {
    ...opened,
    instance: { ...opened.instance, storage },
    settings: readFunctionSettings(directory),
    log,
  };
}

/** A function that needs storage and nothing else; it starts sooner. */
export function openStorageFunction(): { readonly storage: Storage; readonly log: FunctionLog } {
  const environment = readAwsEnvironment(STORAGE_VARIABLES);
  const log = createFunctionLog({ instance: environment.HEADRACE_INSTANCE, now: systemClock.now });
  const driver = createDataApiDriver({
    resourceArn: environment.HEADRACE_CLUSTER_ARN,
    secretArn: environment.HEADRACE_SECRET_ARN,
    database: environment.HEADRACE_DATABASE,
    clock: systemClock,
    ids: systemIds,
  });
  return { storage: createPostgresStorage({ driver }), log };
}

/** The settings that the deployment put beside the handler. */
export function readFunctionSettings(directory: string): InstanceSettings {
  const file = join(directory, SETTINGS_FILE);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as InstanceSettings;
  } catch (cause) {
    throw new PortError('permanent', `${file} cannot be read: deploy again with cdk deploy.`, { cause });
  }
}

/**
 * A handler that answers by one call; what the call throws is logged and thrown on, so that whoever invoked the
 * function sees it.
 *
 * @example export const handler = handlerOf(log, (input: FinalizeInput) => finalizeRun(instance, settings, input));
 */
export function handlerOf<I, O>(
  log: FunctionLog,
  call: (input: I, context: LambdaContext) => Promise<O>,
): (input: I, context: LambdaContext) => Promise<O> {
  return async (input, context) => {
    log.begin(context);
    try {
      return await call(input, context);
    } catch (error) {
      log.error('The invocation failed', error);
      throw log.masked(error);
    }
  };
}
