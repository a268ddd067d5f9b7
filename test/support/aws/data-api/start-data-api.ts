import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError, badRequest, invalid, toApiError } from './api-error';
import { createFaults, type FaultSettings, type Faults } from './faults';
import { LostReply, OPERATIONS, type OperationContext } from './operations';
import { createSessions, type DatabaseUser } from './sessions';
import { type ApiRequest, LIMITS } from './wire';

export interface DataApiOptions {
  /** The PostgreSQL behind it; a request's `database` replaces the URL's. */
  readonly databaseUrl: string;
  /** Default: any free one. */
  readonly port?: number;
  /** Part of a secret's ARN → `user:password`. Other secrets are the URL's own user. */
  readonly roles?: Readonly<Record<string, string>>;
  /** What a secret holds, e.g. asked of an emulator; undefined = the URL's own user. */
  readonly readSecret?: (secretArn: string) => Promise<DatabaseUser | undefined>;
  /** Milliseconds; default 45,000 as on AWS. */
  readonly statementTimeout?: number;
  /** Milliseconds; default 180,000 as on AWS. */
  readonly transactionIdle?: number;
}

export interface DataApi {
  /** For `endpoint` or AWS_ENDPOINT_URL_RDS_DATA. */
  readonly url: string;
  readonly faults: Faults;
  /** Calls by operation, e.g. `Execute`, those that failed too. */
  readonly calls: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

/**
 * The RDS Data API of Aurora PostgreSQL Serverless v2 over a PostgreSQL that is there: its typing, limits, timeouts and
 * errors, with faults that tests switch. From another process the faults are at `/_faults`: POST sets, GET shows.
 * Signatures are not checked, and every cluster ARN reaches the same server.
 *
 * @example const api = await startDataApi({ databaseUrl, roles: { worker: 'test_worker:test' } });
 */
export async function startDataApi(options: DataApiOptions): Promise<DataApi> {
  const faults = createFaults();
  const calls: Record<string, number> = {};
  const sessions = createSessions({
    databaseUrl: options.databaseUrl,
    roles: options.roles ?? {},
    ...(options.readSecret === undefined ? {} : { readSecret: options.readSecret }),
    transactionIdle: options.transactionIdle ?? LIMITS.transactionIdle,
  });
  const context: OperationContext = {
    sessions,
    faults,
    statementTimeout: options.statementTimeout ?? LIMITS.statementTimeout,
  };
  const server = createServer((request, response) => {
    void serve(request, response).catch(() => request.socket.destroy());
  });

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const name = (request.url ?? '').slice(1).replace(/\?.*/, '');
    const body = await readBody(request);
    if (name === '_faults') {
      if (request.method === 'POST')
        faults.set(JSON.parse(body?.toString() || '{}') as Partial<FaultSettings>);
      return send(response, 200, JSON.stringify({ settings: faults.settings, fired: faults.fired, calls }));
    }
    calls[name] = (calls[name] ?? 0) + 1;
    try {
      const operation = request.method === 'POST' ? OPERATIONS[name] : undefined;
      if (operation === undefined) throw new ApiError('UnknownOperationException', 404, '');
      const input = parse(body);
      requireFields(input, operation.required);
      await raiseFaults(faults, input);
      await sessions.learn(input);
      send(response, 200, await operation.run(input, context));
    } catch (error) {
      if (error instanceof LostReply) {
        request.socket.destroy();
        return;
      }
      const { type, status, message, fields } = toApiError(error);
      send(response, status, JSON.stringify({ message, ...fields }), type);
    }
  }

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    calls,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await sessions.close();
    },
  };
}

/** Undefined when it is larger than a request may be, head included. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = request.rawHeaders.reduce((sum, text) => sum + text.length + 2, 0);
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= LIMITS.request) chunks.push(chunk);
  }
  return size <= LIMITS.request ? Buffer.concat(chunks) : undefined;
}

function parse(body: Buffer | undefined): ApiRequest {
  if (body === undefined)
    throw new ApiError('RequestEntityTooLargeException', 413, 'Request size exceeds the limit of 4 MiB');
  try {
    return JSON.parse(body.toString()) as ApiRequest;
  } catch {
    throw new ApiError('SerializationException', 400, 'Unable to parse the request');
  }
}

function requireFields(request: ApiRequest, required: readonly (keyof ApiRequest)[]) {
  for (const field of required) {
    if (request[field] === undefined || request[field] === null || request[field] === '') {
      throw invalid(
        `1 validation error detected: Value at '${field}' failed to satisfy constraint: Member must not be null`,
      );
    }
  }
  if (!/^arn:aws[\w-]*:rds:/.test(request.resourceArn ?? '')) throw badRequest('Invalid database identifier');
  if (!/^arn:aws[\w-]*:secretsmanager:/.test(request.secretArn ?? '')) throw badRequest('Invalid secret ARN');
  if (request.schema !== undefined) throw invalid("The schema parameter isn't supported");
}

/** Faults that strike before anything is done. */
async function raiseFaults(faults: Faults, { resourceArn = '' }: ApiRequest): Promise<void> {
  const { latencyMs, resumingUntil, throttleRate } = faults.settings;
  if (latencyMs > 0) {
    faults.count('delayed');
    await new Promise((resolve) => setTimeout(resolve, latencyMs));
  }
  const isResuming = Date.now() < resumingUntil;
  if (isResuming) faults.count('resuming');
  if (isResuming || faults.take('resumingNext', 'resuming')) {
    throw new ApiError(
      'DatabaseResumingException',
      400,
      `The Aurora DB instance ${resourceArn.replace(':cluster:', ':db:')} is resuming after being auto-paused. Please wait a few seconds and try again.`,
    );
  }
  const isUnlucky = throttleRate > 0 && Math.random() < throttleRate;
  if (isUnlucky) faults.count('throttled');
  if (isUnlucky || faults.take('throttleNext', 'throttled'))
    throw new ApiError('ThrottlingException', 400, 'Rate exceeded');
  if (faults.take('unavailableNext', 'unavailable'))
    throw new ApiError('ServiceUnavailableError', 503, 'The service is unavailable');
}

function send(response: ServerResponse, status: number, body: string, type?: string) {
  response.writeHead(status, {
    'content-type': 'application/json',
    'x-amzn-requestid': randomUUID(),
    ...(type === undefined ? {} : { 'x-amzn-errortype': type }),
  });
  response.end(body);
}
