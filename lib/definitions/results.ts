import type { AssetCheckSeverity } from '../model/asset-check';
import type { AssetKey } from '../model/asset-key';
import type { JsonValue } from '../model/json';
import type { RawMetadata } from '../model/metadata';
import type { Tags } from '../model/tags';
import { isPlainObject } from './references';

/** What a check found. */
export interface CheckResult {
  readonly kind: 'check_result';
  /** Needed in a multi-asset only. */
  readonly asset?: AssetKey | undefined;
  /** Needed wherever several checks could be meant. */
  readonly check?: string | undefined;
  readonly passed: boolean;
  /** Default `ERROR`. */
  readonly severity?: AssetCheckSeverity | undefined;
  readonly description?: string | undefined;
  readonly metadata?: RawMetadata | undefined;
  readonly partition?: string | undefined;
}

/** What a check's function may return: whether it passed, alone or with more about it. */
export type CheckReturn = boolean | Omit<CheckResult, 'kind' | 'asset' | 'check'>;

/** The result of a check that is evaluated inside the computation of assets. */
export function checkResult(result: Omit<CheckResult, 'kind'>): CheckResult {
  return { kind: 'check_result', ...result };
}

/** A materialization with what is known about it. */
export interface MaterializeResult<Value = unknown> {
  readonly kind: 'materialize_result';
  /** Needed in a multi-asset only. */
  readonly asset?: AssetKey | undefined;
  /** Stored by the IO manager; without it nothing is stored. */
  readonly value?: Value;
  readonly metadata?: RawMetadata | undefined;
  readonly dataVersion?: string | undefined;
  readonly tags?: Tags | undefined;
  readonly description?: string | undefined;
  /** One partition of a range; default: all of the step's. */
  readonly partition?: string | undefined;
  readonly checkResults?: readonly CheckResult[] | undefined;
}

/**
 * Says everything about a materialization: its value (stored by the IO manager if some asset takes it as an
 * input, or one is named), metadata, data version, tags and check results.
 *
 * @example return materializeResult({ value: rows, metadata: { rows: rows.length }, dataVersion: etag });
 */
export function materializeResult<Value = undefined>(
  result: Omit<MaterializeResult<Value>, 'kind'>,
): MaterializeResult<Value> {
  return { kind: 'materialize_result', ...result };
}

/** What a sensor saw of an asset that was not made then. */
export interface ObserveResult {
  readonly kind: 'observe_result';
  readonly asset: AssetKey;
  readonly metadata?: RawMetadata | undefined;
  readonly dataVersion?: string | undefined;
  readonly tags?: Tags | undefined;
  readonly partition?: string | undefined;
}

/**
 * Says what a sensor saw of an asset, for its `assetEvents`.
 *
 * @example observeResult({ asset: 'erp/orders', dataVersion: etag, metadata: { rows: 3 } })
 */
export function observeResult(result: Omit<ObserveResult, 'kind'>): ObserveResult {
  return { kind: 'observe_result', ...result };
}

/** The value behind what `run` returns. */
export type ValueOf<Returned> = Returned extends MaterializeResult<infer Value> ? Value : Returned;

export const isMaterializeResult = (value: unknown): value is MaterializeResult =>
  (value as { kind?: unknown } | null | undefined)?.kind === 'materialize_result';

export const isCheckResult = (value: unknown): value is CheckResult =>
  (value as { kind?: unknown } | null | undefined)?.kind === 'check_result';

const MAX_FIELD = 10_000;

/**
 * Metadata that a returned value carries by itself. `toMetadata()` of the value wins. Otherwise a value that no
 * one stores is a report: the fields of a plain object become metadata (nested ones as JSON; dates as ISO text;
 * what JSON cannot hold, and fields over 10,000 characters, are left out). A stored value is data, never shown.
 */
export function metadataOfValue(value: unknown, isStored: boolean): RawMetadata {
  if (typeof value !== 'object' || value === null) return {};
  const { toMetadata } = value as { toMetadata?: unknown };
  if (typeof toMetadata === 'function') return toMetadata.call(value) as RawMetadata;
  if (isStored || !isPlainObject(value)) return {};
  const entries = Object.entries(value).flatMap(([key, field]) => {
    const shown = toJson(field);
    return shown === undefined ? [] : [[key, shown] as const];
  });
  return Object.fromEntries(entries);
}

function toJson(field: unknown): JsonValue | undefined {
  try {
    const text = JSON.stringify(field);
    return text === undefined || text.length > MAX_FIELD ? undefined : (JSON.parse(text) as JsonValue);
  } catch {
    return undefined;
  }
}
