import type { FreshnessState } from './freshness';
import type { InstigatorId } from './tick';

/** What people can be told of. */
export const ALERT_TYPES = [
  'run_failure',
  'tick_missed',
  'tick_failed',
  'sensor_paused',
  'schedule_paused',
  'queue_stuck',
  'freshness',
] as const;
export type AlertType = (typeof ALERT_TYPES)[number];

/** Something that somebody should look at, as it is kept until it has been delivered. `at` is epoch ms. */
export type Alert =
  | {
      readonly type: 'run_failure';
      readonly at: number;
      readonly runId: string;
      readonly location: string;
      readonly jobName: string;
    }
  /** All that were found at once, in order; the reason is the last one's. */
  | ({
      readonly type: 'tick_missed';
      readonly at: number;
      readonly scheduledAt: readonly number[];
      readonly reason: string;
    } & InstigatorId)
  /** `failureCount`: failures in a row, this one included. */
  | ({
      readonly type: 'tick_failed';
      readonly at: number;
      readonly scheduledAt: number;
      readonly failureCount: number;
      readonly error: string;
    } & InstigatorId)
  /** It turned itself off. */
  | ({
      readonly type: 'sensor_paused' | 'schedule_paused';
      readonly at: number;
      readonly reason: string;
    } & InstigatorId)
  /** `seconds`: for how long runs that could run have waited, at least. */
  | { readonly type: 'queue_stuck'; readonly at: number; readonly seconds: number }
  | {
      readonly type: 'freshness';
      readonly at: number;
      readonly assetKey: string;
      readonly state: FreshnessState;
      readonly previousState: FreshnessState | null;
    };
