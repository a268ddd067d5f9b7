import type { AssetKey } from '../model/asset-key';
import type { ComputationContext } from './computation';
import type { OpEvent } from './loaded-definitions';
import { type CheckResult, type MaterializeResult, metadataOfValue } from './results';

/** The events that one materialization makes: its output, itself, its checks. */
export function* materializationEvents(
  key: AssetKey,
  output: string,
  result: MaterializeResult,
  context: Pick<ComputationContext, 'isStored'>,
): Iterable<OpEvent> {
  const isStored = context.isStored(key);
  const metadata = { ...metadataOfValue(result.value, isStored), ...result.metadata };
  const value = 'value' in result ? (result.value ?? null) : undefined;
  yield { type: 'output', name: output, value };
  yield {
    type: 'materialization',
    asset: key,
    metadata,
    ...(result.partition === undefined ? {} : { partition: result.partition }),
    ...(result.tags === undefined ? {} : { tags: result.tags }),
    ...(result.description === undefined ? {} : { description: result.description }),
    ...(result.dataVersion === undefined ? {} : { dataVersion: result.dataVersion }),
  };
  for (const check of result.checkResults ?? []) yield checkEvent(key, check);
}

/** The event of a check's result. */
export function checkEvent(asset: AssetKey, result: CheckResult): OpEvent {
  const { check, passed, severity, description, metadata, partition } = result;
  return {
    type: 'check',
    asset: result.asset ?? asset,
    name: check ?? '',
    passed,
    ...(severity === undefined ? {} : { severity }),
    ...(description === undefined ? {} : { description }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(partition === undefined ? {} : { partition }),
  };
}
