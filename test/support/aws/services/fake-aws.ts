import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeS3 } from './fake-s3';

export type Body = Readonly<Record<string, unknown>>;

/** An error by which a service refuses a call. */
export class ServiceFault extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** Answers an operation, e.g. `StartExecution` or `GetSecretValue`. */
export type Operation = (input: Body) => unknown;

/** What a function answers; `error` as Lambda reports what a handler threw. */
export type FunctionAnswer = { readonly value: unknown } | { readonly error: Body };

export interface FakeAws {
  /** For AWS_ENDPOINT_URL, or a client's `endpoint`. */
  readonly url: string;
  readonly s3: FakeS3;
  /** Every call but those of S3, oldest first. */
  readonly calls: { readonly operation: string; readonly input: Body }[];
  /** By operation; those that are absent answer `{}`. */
  readonly operations: Record<string, Operation>;
  /** By the function's name. */
  readonly functions: Record<string, (event: Body) => Promise<FunctionAnswer>>;
  /** Options of an SDK client that speaks to it, once for each call. */
  readonly clientConfig: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
  /** Inputs of the calls of an operation. */
  of(operation: string): readonly Body[];
  close(): Promise<void>;
}

/** A small HTTP server that answers the SDK as the services would that a test names, and remembers what was asked. */
export async function startFakeAws(): Promise<FakeAws> {
  const s3 = new FakeS3();
  const calls: FakeAws['calls'] = [];
  const operations: FakeAws['operations'] = {};
  const functions: FakeAws['functions'] = {};

  async function answer(request: IncomingMessage) {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const target = request.headers['x-amz-target'];
    const invoked = /^\/2015-03-31\/functions\/([^/]+)\/invocations/.exec(request.url ?? '')?.[1];
    if (invoked !== undefined) return invoke(decodeURIComponent(invoked), parse(body));
    if (typeof target !== 'string') return s3.answer(request, body);
    const operation = target.slice(target.indexOf('.') + 1);
    const input = parse(body);
    calls.push({ operation, input });
    const output = (await operations[operation]?.(input)) ?? {};
    return json(200, output);
  }

  async function invoke(name: string, event: Body) {
    calls.push({ operation: 'Invoke', input: { name, event } });
    const called = functions[name];
    if (called === undefined) throw new ServiceFault('ResourceNotFoundException', `no function ${name}`, 404);
    const result = await called(event);
    return 'value' in result
      ? json(200, result.value ?? null)
      : { ...json(200, result.error), headers: { 'x-amz-function-error': 'Unhandled' } };
  }

  const server = createServer((request, response) => {
    answer(request)
      .catch((error: unknown) => {
        if (!(error instanceof ServiceFault)) throw error;
        const { code, message, status } = error;
        return {
          ...json(status, { __type: code, message }),
          headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': code },
        };
      })
      .then(({ status, headers, body }) => response.writeHead(status, headers).end(body))
      .catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    s3,
    calls,
    operations,
    functions,
    clientConfig: {
      endpoint: url,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    },
    of: (operation) => calls.filter((call) => call.operation === operation).map(({ input }) => input),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function parse(body: Buffer): Body {
  return body.length === 0 ? {} : (JSON.parse(body.toString()) as Body);
}

function json(status: number, value: unknown) {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1' } as Record<string, string>,
    body: JSON.stringify(value),
  };
}
