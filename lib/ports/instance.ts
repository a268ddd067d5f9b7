import type { AlertPublisher } from './alert-publisher';
import type { Clock } from './clock';
import type { CodeLocationClient } from './code-location-client';
import type { CodeLocationRegistry } from './code-location-registry';
import type { Ids } from './ids';
import type { ObjectStore } from './object-store';
import type { RunCoordinator } from './run-coordinator';
import type { RunLauncher } from './run-launcher';
import type { Scheduler } from './scheduler';
import type { SecretStore } from './secret-store';
import type { Storage } from './storage';

/** The ports of one deployment, as a plain record; behaviour lives in functions that take it. */
export interface Instance {
  readonly storage: Storage;
  readonly runCoordinator: RunCoordinator;
  readonly runLauncher: RunLauncher;
  readonly scheduler: Scheduler;
  readonly objectStore: ObjectStore;
  readonly secretStore: SecretStore;
  readonly codeLocations: CodeLocationRegistry;
  readonly codeLocationClient: CodeLocationClient;
  readonly alertPublisher: AlertPublisher;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Of an instance that is limited to what a caller may do: the one without limits. */
  readonly system?: Instance;
}

/** The instance for what the engine does on its own behalf, whoever's request gave the occasion. */
export const asSystem = <T extends Partial<Instance>>(instance: T): T | Instance =>
  instance.system ?? instance;
