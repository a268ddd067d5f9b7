/** How a step ended, as far as other steps care. */
export interface StepResult {
  readonly status: 'SUCCESS' | 'FAILURE' | 'SKIPPED';
  /** Outputs that were yielded. */
  readonly outputs: readonly string[];
  /** Dynamic output → mapping keys in the order yielded. */
  readonly mappingKeys: Readonly<Record<string, readonly string[]>>;
  /** The run whose stored values hold the outputs, when it is not this one. */
  readonly runId?: string | undefined;
  /** Why it failed, in one line. */
  readonly cause?: string | undefined;
}

/** A step that executes elsewhere, and waits there for its next try. */
export interface WaitingStep {
  readonly status: 'WAITING';
  readonly secondsToWait: number;
}

/** Prefix of the pseudo-outputs by which a result records which assets a step materialized. */
const ASSET_OUTPUT = 'asset:';

/** The pseudo-output that records that a step materialized an asset. */
export const assetOutput = (asset: string): string => ASSET_OUTPUT + asset;

/** Whether the step of a result materialized an asset of its own. */
export function yieldedAsset(result: StepResult, asset: string): boolean {
  // A result from storage knows outputs only: then success means that the assets were made.
  const knowsAssets = result.outputs.some((output) => output.startsWith(ASSET_OUTPUT));
  return !knowsAssets || result.outputs.includes(assetOutput(asset));
}
