import type { AssetStorage } from './asset-storage';
import type { AuditStorage } from './audit-storage';
import type { AutomationStorage } from './automation-storage';
import type { BackfillStorage } from './backfill-storage';
import type { EventLogStorage } from './event-log-storage';
import type { ExpectedTickStorage } from './expected-tick-storage';
import type { InstigatorStorage } from './instigator-storage';
import type { KeyValueStorage } from './key-value-storage';
import type { PoolStorage } from './pool-storage';
import type { RunStorage } from './run-storage';
import type { RunTimelineStorage } from './run-timeline-storage';
import type { SensorEventStorage } from './sensor-event-storage';

/**
 * The control plane's storage: the only truth. Every method is one call = one transaction = safe to repeat.
 * Throws `PortError`: transient (connection, waking database), conflict, permanent.
 */
export interface Storage
  extends RunStorage,
    RunTimelineStorage,
    BackfillStorage,
    EventLogStorage,
    InstigatorStorage,
    ExpectedTickStorage,
    SensorEventStorage,
    AssetStorage,
    AutomationStorage,
    PoolStorage,
    KeyValueStorage,
    AuditStorage {
  close(): Promise<void>;
}
