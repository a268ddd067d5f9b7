import type { Storage } from '../../ports/storage';
import { createAssetStorage } from './asset-storage';
import { createAuditStorage } from './audit-storage';
import { createAutomationStorage } from './automation-storage';
import { createBackfillStorage } from './backfill-storage';
import type { Driver } from './driver';
import { createEventLogStorage } from './event-log-storage';
import { createExpectedTickStorage } from './expected-tick-storage';
import { createInstigatorStorage } from './instigator-storage';
import { createKeyValueStorage } from './key-value-storage';
import { createPgDriver, type PgDriverOptions } from './pg-driver';
import { createPoolStorage } from './pool-storage';
import { createRunStorage } from './run-storage';
import { createRunTimelineStorage } from './run-timeline-storage';
import { createSensorEventStorage } from './sensor-event-storage';

/**
 * The control plane's storage over PostgreSQL; the schema must be there (`migrate`).
 *
 * @example const storage = createPostgresStorage({ url: 'postgresql://…/headrace' });
 */
export function createPostgresStorage(options: PgDriverOptions | { readonly driver: Driver }): Storage {
  const driver = 'driver' in options ? options.driver : createPgDriver(options);
  return {
    ...createRunStorage(driver),
    ...createRunTimelineStorage(driver),
    ...createBackfillStorage(driver),
    ...createEventLogStorage(driver),
    ...createInstigatorStorage(driver),
    ...createExpectedTickStorage(driver),
    ...createSensorEventStorage(driver),
    ...createAssetStorage(driver),
    ...createAutomationStorage(driver),
    ...createPoolStorage(driver),
    ...createKeyValueStorage(driver),
    ...createAuditStorage(driver),
    close: () => driver.close(),
  };
}
