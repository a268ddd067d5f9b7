import type { AssetKey } from './asset-key';
import type { Metadata } from './metadata';

/** Names a check: unique within its asset. */
export interface AssetCheckKey {
  readonly asset: AssetKey;
  readonly name: string;
}

/** One string for a check, unique in the deployment. */
export const checkId = ({ asset, name }: AssetCheckKey): string => `${asset}:${name}`;

/** A failed check of severity ERROR blocks downstream steps when the check is blocking. */
export type AssetCheckSeverity = 'ERROR' | 'WARN';

/** What a check found. */
export interface AssetCheckEvaluation extends AssetCheckKey {
  readonly passed: boolean;
  readonly severity: AssetCheckSeverity;
  readonly description?: string | undefined;
  readonly metadata: Metadata;
  readonly partition?: string | undefined;
}

/** Resolved status of a check's latest execution, as the dashboard shows it. */
export type AssetCheckStatus = 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'EXECUTION_FAILED' | 'SKIPPED';
