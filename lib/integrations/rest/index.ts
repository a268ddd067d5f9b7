/** Declarative REST sources: what code locations import as `headrace/rest`. */
export type { Batch, SourceRecord } from '../../ingestion/batch';
export type { ReadOptions, Source } from '../../ingestion/source';
export { type Auth, basic, bearer, header, query } from './auth';
export type { BatchLimits } from './batches';
export {
  RestConfigError,
  RestConnectionError,
  RestMalformedPageError,
  RestRateLimitError,
  RestRecordError,
  RestResponseError,
  RestResponseTooLargeError,
  RestSourceError,
} from './errors';
export type { CursorValue, Incremental } from './incremental';
export {
  cursorParam,
  linkHeader,
  nextUrl,
  offset,
  type PageRequest,
  type PageResult,
  type Pagination,
  pageNumber,
  singlePage,
} from './pagination';
export { createRestClient, type RestRuntime } from './rest-client';
export type {
  ParentReference,
  RecordOf,
  ResolvedRestConfig,
  ResourceConfig,
  ResourceReadOptions,
  Resources,
  RestClient,
  RestConfig,
  RestResource,
} from './rest-config';
export { restSource } from './rest-source';
export type { RetryPolicy } from './retry';
export type { Params, ParamValue, Setting } from './values';
