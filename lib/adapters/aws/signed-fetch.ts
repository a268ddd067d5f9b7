import { LambdaClient } from '@aws-sdk/client-lambda';
import { toAwsServiceError } from './aws-service-error';
import { signRequest } from './sign-request';

/**
 * A `fetch` that signs requests to an API Gateway with the credentials that AWS's tools use: environment, profiles of
 * `~/.aws`, single sign-on, a task's or function's role.
 *
 * @throws {AwsServiceError} from its calls when there are no credentials
 */
export function createSignedFetch({
  region,
  now,
}: {
  readonly region: string;
  readonly now: () => number;
}): typeof fetch {
  // Any client of the SDK resolves the usual chain, and refreshes what expires.
  const { config } = new LambdaClient({ region });
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const body = typeof init.body === 'string' ? init.body : undefined;
    const credentials = await config.credentials().catch((error: unknown) => {
      throw toAwsServiceError({ service: 'IAM', operation: 'credentials', subject: url.host }, error);
    });
    const signature = signRequest(
      { method: init.method ?? 'GET', url, body },
      { credentials, region, service: 'execute-api', at: now() },
    );
    return fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), ...signature } });
  };
}
