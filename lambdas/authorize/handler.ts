/** API Gateway's authorizer: people's access tokens, and tokens of our own. */
import { handlerOf, openStorageFunction } from '../../lib/adapters/aws/aws-function';
import { systemClock } from '../../lib/adapters/system/system-clock';
import { type AuthorizerRequest, authorizeCaller } from '../../lib/api/authorizer/authorize-caller';
import { createJwtAuthority } from '../../lib/api/authorizer/verify-jwt';
import { readAwsEnvironment } from '../../lib/environment';
import type { IdentitySettings } from '../../lib/model/identity-settings';

const { storage, log } = openStorageFunction();
const { HEADRACE_IDENTITY } = readAwsEnvironment(['HEADRACE_IDENTITY']);
const jwt = createJwtAuthority(JSON.parse(HEADRACE_IDENTITY) as IdentitySettings);

export const handler = handlerOf(log, (request: AuthorizerRequest) =>
  authorizeCaller(request, {
    storage,
    jwt,
    now: systemClock.now,
    sleep: systemClock.sleep,
    onRefused: (error) => log.info('A caller is refused', { why: String(error) }),
  }),
);
