/**
 * Custom resource: brings the database to the schema of this version, and its users to the passwords of their
 * secrets. Nothing is undone when the resource goes: the data stays.
 */
import { handlerOf } from '../../lib/adapters/aws/aws-function';
import type { CustomResourceAnswer, CustomResourceEvent } from '../../lib/adapters/aws/custom-resource';
import { createFunctionLog } from '../../lib/adapters/aws/function-log';
import { readLoginSecret } from '../../lib/adapters/aws/login-secret';
import { createDataApiDriver } from '../../lib/adapters/postgres/data-api-driver';
import { ensureLoginUser, type LoginUser } from '../../lib/adapters/postgres/login-users';
import { migrate } from '../../lib/adapters/postgres/migrate';
import { systemClock } from '../../lib/adapters/system/system-clock';
import { systemIds } from '../../lib/adapters/system/system-ids';
import { readAwsEnvironment } from '../../lib/environment';

interface Properties {
  readonly users: readonly { readonly role: LoginUser['role']; readonly secretArn: string }[];
}

/** Milliseconds. A cluster that was just made may not be ready; the function has 15 minutes. */
const WAKE_TIMEOUT = 300_000;

const environment = readAwsEnvironment(['HEADRACE_CLUSTER_ARN', 'HEADRACE_DATABASE', 'HEADRACE_SECRET_ARN']);
const log = createFunctionLog({ instance: environment.HEADRACE_INSTANCE ?? '', now: systemClock.now });
const driver = createDataApiDriver({
  resourceArn: environment.HEADRACE_CLUSTER_ARN,
  secretArn: environment.HEADRACE_SECRET_ARN,
  database: environment.HEADRACE_DATABASE,
  clock: systemClock,
  ids: systemIds,
  wakeTimeout: WAKE_TIMEOUT,
  continueAfterTimeout: true,
});

export const handler = handlerOf(log, async (event: CustomResourceEvent): Promise<CustomResourceAnswer> => {
  const answer = { PhysicalResourceId: 'schema' };
  if (event.RequestType === 'Delete') return answer;
  const applied = await migrate(driver);
  const { users } = event.ResourceProperties as unknown as Properties;
  for (const { role, secretArn } of users) {
    await ensureLoginUser(driver, { ...(await readLoginSecret(secretArn)), role });
  }
  log.info('The schema is up to date', { applied: applied.map(({ id, name }) => `${id} ${name}`) });
  return answer;
});
