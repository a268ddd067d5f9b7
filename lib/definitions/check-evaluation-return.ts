import { didYouMean, nearMisses } from '../model/near-misses';
import type { DynamicPartitionsRequest, RunRequest } from '../model/run-request';
import { problemOfKey } from '../model/static-partitions';
import type { EvaluationReturn, RunRequestDefinition, SensorResult } from './run-requests';

const RESULT_FIELDS: readonly string[] = Object.keys({
  runRequests: true,
  skipReason: true,
  cursor: true,
  dynamicPartitions: true,
  assetEvents: true,
} satisfies Record<keyof SensorResult, true>);

const ALLOWED = 'runRequest(…), a list of them, skip(…), { runRequests, cursor, … }, or nothing';

/**
 * Refuses what a schedule's or sensor's function may not return. The types say so already, but code runs without being
 * checked, and what was passed over would be lost: the cursor moves on.
 *
 * @throws TypeError naming the field
 */
export function checkEvaluationReturn(returned: EvaluationReturn): void {
  if (returned === null || returned === undefined) return;
  if (Array.isArray(returned)) {
    checkRequests('The returned list', returned);
  } else if (typeof returned !== 'object') {
    throw new TypeError(`It returned ${kindOf(returned)}; it may return ${ALLOWED}.`);
  } else if (!('kind' in returned)) {
    checkResult(returned as SensorResult);
  } else if (returned.kind === 'run_request') {
    checkRequest('The run request', returned.request);
  } else if (returned.kind === 'skip') {
    checkText('The reason of skip(…)', returned.reason);
  } else {
    const { kind } = returned as { readonly kind: unknown };
    throw new TypeError(`It returned a ${String(kind)}; it may return ${ALLOWED}.`);
  }
}

function checkResult(result: SensorResult): void {
  for (const field of Object.keys(result)) {
    if (RESULT_FIELDS.includes(field)) continue;
    throw new TypeError(
      `It returned an object with "${field}", which means nothing there.${didYouMean(nearMisses(field, RESULT_FIELDS))} It may have ${RESULT_FIELDS.join(', ')}.`,
    );
  }
  checkText(
    'cursor',
    result.cursor,
    ' Write numbers and objects by JSON.stringify, and read them by JSON.parse.',
  );
  checkText('skipReason', result.skipReason);
  if (result.runRequests !== undefined) checkRequests('runRequests', result.runRequests);
  if (result.assetEvents !== undefined) checkList('assetEvents', result.assetEvents);
  if (result.dynamicPartitions !== undefined) checkPartitions(result.dynamicPartitions);
}

function checkRequests(what: string, requests: readonly RunRequestDefinition[]): void {
  checkList(what, requests);
  for (const [index, each] of requests.entries()) {
    const item = `${what}[${index}]`;
    if ((each as { kind?: unknown } | null | undefined)?.kind !== 'run_request')
      throw new TypeError(`${item} is ${kindOf(each)} that runRequest(…) did not make.`);
    checkRequest(item, each.request);
  }
}

function checkRequest(what: string, { runKey, partitionKey, tags }: RunRequest): void {
  checkText(`${what}: runKey`, runKey);
  checkText(`${what}: partition`, partitionKey);
  for (const [key, value] of Object.entries(tags)) {
    if (typeof value !== 'string')
      throw new TypeError(`${what}: tag "${key}" is ${kindOf(value)}, not text.`);
  }
}

function checkPartitions(changes: readonly DynamicPartitionsRequest[]): void {
  checkList('dynamicPartitions', changes);
  for (const { kind, keys } of changes) {
    if (kind !== 'add') continue;
    for (const key of keys) {
      const problem = typeof key === 'string' ? problemOfKey(key) : `is ${kindOf(key)}, not text`;
      if (problem !== null) throw new TypeError(`Partition key ${JSON.stringify(key)} ${problem}.`);
    }
  }
}

function checkText(what: string, value: unknown, remedy = ''): void {
  if (value === null || value === undefined || typeof value === 'string') return;
  throw new TypeError(`${what} is ${kindOf(value)}, not text.${remedy}`);
}

function checkList(what: string, value: unknown): void {
  if (!Array.isArray(value)) throw new TypeError(`${what} is ${kindOf(value)}, not a list.`);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
