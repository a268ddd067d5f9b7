import type { Instance } from '../ports/instance';
import type { AuditTrail } from './audit/audit-trail';
import type { Via } from './canceled-by';
import type { Identity } from './identity';
import type { Loaders } from './loaders';
import type { Workspace } from './workspace-index';

/** What every resolver gets: made anew for each request, so that loaders never serve stale rows. */
export interface ApiContext {
  readonly instance: Instance;
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
