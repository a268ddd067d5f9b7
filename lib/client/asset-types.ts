import type { AssetCheckSeverity } from '../model/asset-check';
import type { JsonObject } from '../model/json';
import type { Tags } from '../model/tags';

/** Body of `POST /api/assets/{key}/observations`. */
export interface ObservationReport {
  readonly partition?: string;
  /** Facts by label: plain values, or values of a kind such as `{ kind: 'md', value: '**ok**' }`. */
  readonly metadata?: JsonObject;
  readonly tags?: Tags;
  /** Names the state of the data; a new one makes what is downstream stale. */
  readonly dataVersion?: string;
}

/** Body of `POST /api/assets/{key}/materializations`; a partitioned asset needs its `partition`. */
export interface MaterializationReport extends ObservationReport {
  readonly description?: string;
}

/** Body of `POST /api/assets/{key}/checks/{name}`. */
export interface AssetCheckReport {
  readonly passed: boolean;
  /** Of a failure; default `ERROR`. */
  readonly severity?: AssetCheckSeverity;
  readonly description?: string;
  readonly metadata?: JsonObject;
  readonly partition?: string;
}

/** Answer of every report. */
export interface Reported {
  readonly asset: string;
  readonly partition: string | null;
  /** Epoch milliseconds. */
  readonly timestamp: number;
}
