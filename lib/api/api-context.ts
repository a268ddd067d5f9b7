import type { Instance } from '../ports/instance';
import type { AuditTrail } from './audit/audit-trail';
import type { Via } from './canceled-by';
import type { Identity, Role } from './identity';
import type { Loaders } from './loaders';
import type { Workspace } from './workspace-index';

/** What every resolver gets: made anew for each request, so that loaders never serve stale rows. */
export interface ApiContext {
  /** As the caller may use it; `limited` narrows it to what an action needs. */
  readonly instance: Instance;
  /** The instance where the caller has a role; the same one for who has it everywhere. */
  limited(needed: { readonly role: Role; readonly writes: boolean }): Instance;
  readonly identity: Identity;
  readonly via: Via;
  /** Keeps who asked for which change. */
  readonly audit: AuditTrail;
  readonly loaders: Loaders;
  /** The manifests as they were when the request began. */
  readonly workspace: Workspace;
  /** Epoch ms of the request. */
  readonly now: number;
  readonly options: ApiOptions;
}

/** Facts about the deployment that the API shows and the entry point knows. */
export interface ApiOptions {
  /** The package's version. */
  readonly version: string;
  readonly engine: import('../engine/engine-settings').EngineSettings;
}
