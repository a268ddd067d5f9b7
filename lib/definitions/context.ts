import type { AssetKey } from '../model/asset-key';
import type { Logger, RunInfo } from './loaded-definitions';

/** What all steps know. */
export interface StepInfo {
  readonly run: RunInfo;
  readonly stepKey: string;
  /** 1 for the first try. */
  readonly tryNumber: number;
  /** When this try started, epoch ms. */
  readonly startedAt: number;
  /** Each call is an event of the run, shown with its level. */
  readonly log: Logger;
  /** Aborted when the run is cancelled or out of time: pass it on to whatever can be stopped. */
  readonly signal: AbortSignal;
  /** Assets of this step that the run asks for. */
  readonly selectedAssets: readonly AssetKey[];
}
