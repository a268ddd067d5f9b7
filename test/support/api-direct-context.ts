import type { ApiContext } from '../../lib/api/api-context';
import { createAuditTrail } from '../../lib/api/audit/audit-trail';
import type { Identity } from '../../lib/api/identity';
import { createLoaders } from '../../lib/api/loaders';
import { scopeInstance } from '../../lib/api/scope-instance';
import { indexWorkspace } from '../../lib/api/workspace-index';
import { defaultInstanceSettings } from '../../lib/settings/instance-settings';
import type { ApiHarness } from './api-harness';

/** The context of one request, for documents that are executed without being validated; its mistakes are thrown. */
export async function directContext(
  harness: ApiHarness,
  identity: Identity = { user: 'ann', role: 'admin' },
): Promise<ApiContext> {
  const limited: ApiContext['limited'] = (needed) => scopeInstance(harness.instance, identity, needed);
  const instance = limited({ role: 'viewer', writes: false });
  const onError = (error: unknown) => {
    throw error;
  };
  return {
    instance,
    limited,
    identity,
    via: 'the API',
    audit: createAuditTrail({ instance, identity, via: 'the API', requestId: 'request-1', onError }),
    loaders: createLoaders(instance.storage),
    workspace: indexWorkspace(await instance.codeLocations.list()),
    now: Date.now(),
    options: { version: '1.2.3', engine: defaultInstanceSettings() },
  };
}
