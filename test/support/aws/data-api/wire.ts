/** The Data API's requests as they are sent: like the SDK's types, but blobs are Base64. */
export interface ApiRequest {
  readonly resourceArn?: string;
  readonly secretArn?: string;
  readonly database?: string;
  readonly schema?: string;
  readonly sql?: string;
  readonly parameters?: readonly ApiParameter[];
  readonly parameterSets?: readonly (readonly ApiParameter[])[];
  readonly transactionId?: string;
  readonly includeResultMetadata?: boolean;
  readonly continueAfterTimeout?: boolean;
  readonly formatRecordsAs?: 'JSON' | 'NONE';
  readonly resultSetOptions?: ResultSetOptions;
}

export interface ApiParameter {
  readonly name?: string;
  readonly value?: ApiField;
  readonly typeHint?: string;
}

export interface ApiField {
  readonly isNull?: boolean;
  readonly stringValue?: string;
  readonly longValue?: number;
  readonly doubleValue?: number;
  readonly booleanValue?: boolean;
  readonly blobValue?: string;
  readonly arrayValue?: unknown;
}

export interface ResultSetOptions {
  readonly decimalReturnType?: 'STRING' | 'DOUBLE_OR_LONG';
  readonly longReturnType?: 'STRING' | 'LONG';
}

/** What the Data API allows, from "Limitations with Amazon RDS Data API" and the API reference (in bytes and ms). */
export const LIMITS = {
  request: 4 * 1024 * 1024,
  row: 64 * 1024,
  response: 1024 * 1024,
  jsonResponse: 10 * 1024 * 1024,
  statementTimeout: 45_000,
  transactionIdle: 180_000,
} as const;
