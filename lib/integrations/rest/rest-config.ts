import type { ZodType, z } from 'zod';
import type { TimeWindow } from '../../definitions/loaded-definitions';
import type { Resolved } from '../../definitions/references';
import type { SourceRecord } from '../../ingestion/batch';
import type { Source } from '../../ingestion/source';
import type { JsonValue } from '../../model/json';
import type { Auth } from './auth';
import type { BatchLimits } from './batches';
import type { Incremental } from './incremental';
import type { Pagination } from './pagination';
import type { RetryPolicy } from './retry';
import type { Params, Setting } from './values';

/** Reads a resource once for each distinct value of a field of another resource of the same source. */
export interface ParentReference {
  /** Name of the other resource, e.g. `issues`. */
  readonly resource: string;
  /** Dot path into its records, e.g. `user.login`; null and missing values are passed over. */
  readonly field: string;
  /** The parameter that takes the value, in the path as `{login}` or in the query. */
  readonly param: string;
  /** Also puts the value into each record, under this name. */
  readonly column?: string;
  /** Reads at the same time. Default 4. */
  readonly concurrency?: number;
}

/** One list of records that the service offers. */
export interface ResourceConfig {
  /** Appended to baseUrl; `{name}` is filled from the params. */
  readonly path: string;
  /** Parameters, or a function of the window that is read. */
  readonly params?: Params | ((window: TimeWindow) => Params);
  readonly headers?: Readonly<Record<string, string>>;
  /** Dot path to the records in the body, or a function. Default: the body, or the one object that it is. */
  readonly records?: string | ((body: JsonValue) => readonly JsonValue[]);
  /** Columns that identify a record; they may never be null. Default: none, so loads can only append or replace. */
  readonly primaryKey?: string | readonly string[];
  /** Default `singlePage()`. */
  readonly pagination?: Pagination;
  readonly incremental?: Incremental;
  readonly parent?: ParentReference;
  /** Default: `ndjson` if the answer's Content-Type says so, else `json`. */
  readonly format?: 'json' | 'ndjson';
  /** Reshapes a record; undefined drops it. It runs before `schema`. */
  readonly map?: (record: SourceRecord) => SourceRecord | undefined;
  /** Checks every record and gives its type. Its output is what is loaded. */
  readonly schema?: ZodType<object>;
  /** Statuses that mean "no records" rather than an error, e.g. `[404]` for deleted things. */
  readonly emptyOn?: readonly number[];
  /**
   * Remembers the ETag of a one-page answer in the cursor and asks with If-None-Match: an unchanged answer
   * (304) gives no batches. For loads that merge or append; a load that replaces must read without a cursor.
   */
  readonly conditional?: boolean;
  /** Default 64 MiB after decompression. NDJSON is streamed, so there it bounds one line. */
  readonly maxResponseBytes?: number;
}

/** Where the service is and how it is spoken to; references anywhere in it. */
export interface ConnectionSettings {
  /** Scheme, host and the part of the path that all resources share. */
  readonly baseUrl: Setting;
  readonly auth?: Auth;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, Setting>>;
}

/** What is declared of a REST API besides its connection. */
export interface ServiceConfig<R extends Resources> {
  readonly resources: R;
  readonly retry?: Partial<RetryPolicy>;
  /** The longest silence of the service, in milliseconds: until it answers and between two pieces. Default 60,000. */
  readonly timeoutMs?: number;
  readonly batch?: Partial<BatchLimits>;
}

/** A REST API, declared. */
export interface RestConfig<R extends Resources> extends ConnectionSettings, ServiceConfig<R> {}

/** A REST API whose references have been looked up. */
export interface ResolvedRestConfig<R extends Resources>
  extends Resolved<ConnectionSettings>,
    ServiceConfig<R> {}

/** Resources by their names. */
export type Resources = Readonly<Record<string, ResourceConfig>>;

/** Optional members as JSON holds them: there or not, but never undefined. */
type Loaded<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> };

/** The type of a resource's records: its schema's output, else what `map` returns, else any JSON object. */
export type RecordOf<C> = C extends { readonly schema: infer S extends ZodType<object> }
  ? Loaded<z.output<S>> extends SourceRecord
    ? Loaded<z.output<S>>
    : SourceRecord
  : C extends { readonly map: (record: SourceRecord) => infer M }
    ? Exclude<M, undefined> extends SourceRecord
      ? Exclude<M, undefined>
      : SourceRecord
    : SourceRecord;

/** Changes to one read. */
export interface ResourceReadOptions {
  /** Laid over the resource's own parameters. */
  readonly params?: Params;
}

/** One resource, ready to be read. */
export interface RestResource<C> {
  /** A source of this window's records (of all, without one). Nothing is asked for until it is read. */
  read(
    ...args: C extends { readonly params: (window: TimeWindow) => unknown }
      ? [window: TimeWindow, options?: ResourceReadOptions]
      : [window?: TimeWindow | undefined, options?: ResourceReadOptions]
  ): Source<RecordOf<C>>;
}

/** Every resource of a source by its name. */
export type RestClient<R extends Resources> = {
  readonly [K in keyof R]: RestResource<R[K]>;
};
