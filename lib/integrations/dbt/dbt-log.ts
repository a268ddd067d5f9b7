/** How one node of `dbt build` ended. */
export interface DbtNodeResult {
  readonly uniqueId: string;
  readonly resourceType: string;
  /** dbt's words: success, error, pass, fail, warn, skipped, … */
  readonly status: string;
  readonly seconds: number;
  /** Rows that a test found wrong. */
  readonly failures: number | null;
  /** Rows written; null when the adapter only counts the rows of its answer (a view's "SUCCESS 1"). */
  readonly rowsAffected: number | null;
  readonly queryId: string | null;
  readonly message: string | null;
}

/** What one line of dbt's JSON log says to us. */
export type DbtLogLine =
  | { readonly kind: 'node-finished'; readonly result: DbtNodeResult }
  | { readonly kind: 'message'; readonly level: string; readonly text: string }
  /** Debug chatter. */
  | { readonly kind: 'other' };

interface RawLine {
  readonly info?: { readonly name?: string; readonly level?: string; readonly msg?: string };
  readonly data?: {
    readonly node_info?: { readonly unique_id?: string; readonly resource_type?: string };
    readonly run_result?: {
      readonly status?: string;
      readonly execution_time?: number;
      readonly num_failures?: number;
      readonly message?: string;
      readonly adapter_response?: {
        readonly code?: unknown;
        readonly rows_affected?: unknown;
        readonly query_id?: unknown;
      };
    };
  };
}

/** dbt emits a `NodeFinished` (debug level) with the whole result as soon as a node ends. */
const NODE_FINISHED = 'NodeFinished';
/** The code of dbt-snowflake for every statement but those it counts itself: `rows_affected` is the answer's rows. */
const ANSWERED = 'SUCCESS';
const QUIET_LEVELS = new Set(['debug', 'test']);

/** Understands one line of `dbt --log-format json`. Lines that are not JSON are passed on as messages. */
export function parseDbtLogLine(line: string): DbtLogLine {
  let raw: RawLine;
  try {
    raw = JSON.parse(line) as RawLine;
  } catch {
    return { kind: 'message', level: 'info', text: line };
  }
  const { info, data } = raw;
  const uniqueId = data?.node_info?.unique_id;
  const result = data?.run_result;
  if (info?.name === NODE_FINISHED && uniqueId !== undefined && result !== undefined) {
    return {
      kind: 'node-finished',
      result: {
        uniqueId,
        resourceType: data?.node_info?.resource_type ?? uniqueId.split('.')[0] ?? '',
        status: result.status ?? 'unknown',
        seconds: result.execution_time ?? 0,
        failures: result.num_failures ?? null,
        rowsAffected:
          result.adapter_response?.code === ANSWERED
            ? null
            : numberOrNull(result.adapter_response?.rows_affected),
        queryId:
          typeof result.adapter_response?.query_id === 'string' ? result.adapter_response.query_id : null,
        message: result.message || null,
      },
    };
  }
  if (info?.msg === undefined || QUIET_LEVELS.has(info.level ?? 'debug')) return { kind: 'other' };
  return { kind: 'message', level: info.level ?? 'info', text: info.msg };
}

function numberOrNull(value: unknown): number | null {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
