import type { AssetCheckSeverity } from '../model/asset-check';
import type { AssetKey } from '../model/asset-key';
import type { CheckDetails, ComputationContext } from './computation';
import type { OpEvent } from './loaded-definitions';
import { checkEvent } from './result-events';
import type { CheckReturn } from './results';
import type { CapturedSource } from './source-capture';

/** Decides over the value that an asset's `run` returned. */
export type InlineCheckFunction<Value> = (value: Value) => CheckReturn | Promise<CheckReturn>;

/** A check in an asset: its function, or its function with what else is to be said. */
export type InlineCheck<Value> = InlineCheckFunction<Value> | InlineCheckOptions<Value>;

export interface InlineCheckOptions<Value> {
  readonly check: InlineCheckFunction<Value>;
  /** True: a failure of severity ERROR keeps assets downstream from running. Default false. */
  readonly blocking?: boolean;
  /** Severity of a failure, unless the result says otherwise. Default `ERROR`. */
  readonly severity?: AssetCheckSeverity;
  readonly description?: string;
}

/** What `define` needs to know about the checks of an asset. */
export function inlineCheckDetails(
  asset: AssetKey,
  checks: Readonly<Record<string, InlineCheck<never>>>,
  source: CapturedSource,
): readonly CheckDetails[] {
  return Object.entries(checks).map(([name, check]) => {
    const { blocking = false, description = null } = typeof check === 'function' ? {} : check;
    return { asset, name, blocking, description, metadata: {}, source };
  });
}

/** Evaluates those checks that the run asks for, in the order in which they are written. */
export async function* evaluateInlineChecks(
  asset: AssetKey,
  checks: Readonly<Record<string, InlineCheck<never>>>,
  value: unknown,
  context: Pick<ComputationContext, 'selectedChecks'>,
): AsyncIterable<OpEvent> {
  for (const { asset: of, name } of context.selectedChecks) {
    const check = of === asset && Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) continue;
    const options = typeof check === 'function' ? { check } : check;
    const returned = await options.check(value as never);
    yield checkEvent(asset, toCheckResult(name, returned, options.severity));
  }
}

/** A check's result in full. */
export function toCheckResult(check: string, returned: CheckReturn, severity?: AssetCheckSeverity) {
  const result = typeof returned === 'boolean' ? { passed: returned } : returned;
  return { kind: 'check_result' as const, severity, ...result, check };
}
