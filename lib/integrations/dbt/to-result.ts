import {
  type CheckResult,
  checkResult,
  type MaterializeResult,
  materializeResult,
} from '../../definitions/results';
import { METADATA, type RawMetadata } from '../../model/metadata';
import type { DbtAsset, DbtCheck } from './dbt-graph';
import type { DbtNodeResult } from './dbt-log';

/** Statuses of nodes that did what they should. */
const SUCCEEDED = new Set(['success', 'pass', 'no-op']);
/** Statuses of tests that came to no verdict. */
const NOT_EVALUATED = new Set(['skipped', 'no-op']);

/** The materialization that a node's result stands for; none when it left nothing behind. */
export function toMaterializations(asset: DbtAsset, result: DbtNodeResult): readonly MaterializeResult[] {
  if (!SUCCEEDED.has(result.status)) return [];
  const { relation_name: relation } = asset.node;
  const materialization = materializeResult({
    asset: asset.key,
    metadata: {
      ...metadataOf(result),
      ...(relation ? { [METADATA.relationIdentifier]: relation } : {}),
      ...(result.rowsAffected === null ? {} : { [METADATA.rowCount]: result.rowsAffected }),
    },
  });
  return [materialization];
}

/** The evaluation that a test's result stands for; none when it came to no verdict. */
export function toCheckEvaluations(check: DbtCheck, result: DbtNodeResult): readonly CheckResult[] {
  if (NOT_EVALUATED.has(result.status)) return [];
  const isWarning = result.status === 'warn' || (result.status !== 'fail' && check.severity === 'WARN');
  const evaluation = checkResult({
    asset: check.asset,
    check: check.name,
    passed: SUCCEEDED.has(result.status),
    severity: isWarning ? 'WARN' : 'ERROR',
    ...(result.message === null ? {} : { description: result.message }),
    metadata: {
      ...metadataOf(result),
      ...(result.failures === null ? {} : { 'dbt/failures': result.failures }),
    },
  });
  return [evaluation];
}

function metadataOf({ uniqueId, resourceType, status, seconds, queryId }: DbtNodeResult): RawMetadata {
  return {
    'dbt/unique_id': uniqueId,
    'dbt/resource_type': resourceType,
    'dbt/status': status,
    seconds,
    ...(queryId === null ? {} : { 'dbt/query_id': queryId }),
  };
}
