import { type AssetCheckKey, checkId } from '../model/asset-check';
import type { AssetKey } from '../model/asset-key';
import type { StoredEvent } from '../model/event';
import type { Instance } from '../ports/instance';
import { RunNotFoundError } from './errors';

const PAGE = 1_000;

/** What a run planned and did not do. */
export interface UnfinishedAssets {
  readonly assets: readonly AssetKey[];
  readonly checks: readonly AssetCheckKey[];
}

/**
 * The assets that a run planned and did not materialize in every partition, and the checks that it planned and did
 * not evaluate, whatever became of the steps that were to make them.
 *
 * @throws {RunNotFoundError}
 */
export async function unfinishedAssets(
  { storage }: Pick<Instance, 'storage'>,
  runId: string,
): Promise<UnfinishedAssets> {
  const plan = await storage.getRunPlan(runId);
  if (plan === undefined) throw new RunNotFoundError(runId);
  const made = new Set<string>();
  const checked = new Set<string>();
  for (let after = 0, page: readonly StoredEvent[] = []; ; after = page.at(-1)?.storageId ?? after) {
    page = await storage.runEvents({
      runId,
      after,
      limit: PAGE,
      types: ['ASSET_MATERIALIZATION', 'ASSET_CHECK_EVALUATION'],
    });
    for (const event of page) {
      if (event.type === 'ASSET_CHECK_EVALUATION') checked.add(checkId(event.data));
      else if (event.assetKey !== undefined) made.add(partitionId(event.assetKey, event.partition));
    }
    if (page.length < PAGE) break;
  }
  const partitions = plan.partitionKeys.length === 0 ? [undefined] : plan.partitionKeys;
  const assets = new Set(plan.steps.flatMap((step) => step.assets));
  const checks = new Map(plan.steps.flatMap((step) => step.checks.map((check) => [checkId(check), check])));
  return {
    assets: [...assets].filter((key) => !partitions.every((each) => made.has(partitionId(key, each)))),
    checks: [...checks].flatMap(([id, check]) => (checked.has(id) ? [] : [check])),
  };
}

const partitionId = (key: AssetKey, partition: string | null | undefined): string =>
  `${key}\0${partition ?? ''}`;
