import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { airportsService } from './airports';
import type { ApiAnswer, ApiRequest, SampleService } from './answer';
import { concernsRecords, type Fault, FaultPlan, type FaultRule, faultyRecords } from './faults';
import { flightsService } from './flights';
import { type GithubOptions, githubService } from './github';
import { type UsgsOptions, usgsService } from './usgs';

/** How the stand-ins run; everything has a default. */
export interface SampleApiOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly usgs?: UsgsOptions;
  readonly github?: GithubOptions;
  /** Faults in force from the start; more come through `faults` or `POST /__faults`. */
  readonly faults?: readonly FaultRule[];
}

/** A running server. */
export interface SampleApis {
  /** e.g. `http://127.0.0.1:40123`, without a slash at the end. */
  readonly url: string;
  readonly faults: FaultPlan;
  /** Requests answered so far (faults included), of paths with this prefix. */
  requestCount(pathPrefix?: string): number;
  close(): Promise<void>;
}

/**
 * Starts the sample APIs: stand-ins, for development and tests only, of the USGS event service, GitHub and a
 * flights service, which answer with real recorded records.
 *
 * @example const api = await startSampleApis(); await fetch(`${api.url}/airports`); await api.close();
 */
export async function startSampleApis(options: SampleApiOptions = {}): Promise<SampleApis> {
  const faults = new FaultPlan(options.faults);
  const counts = new Map<string, number>();
  const services = [
    usgsService(options.usgs),
    githubService(options.github),
    flightsService(),
    airportsService(),
  ];

  const server = createServer((message, response) => {
    const request = parseRequest(message);
    const work = request.path === '/__faults' ? control(message, response, faults) : serve(request, response);
    work.catch((error: unknown) => {
      response.statusCode = 500;
      response.end(`sample-apis failed: ${error instanceof Error ? error.stack : String(error)}\n`);
    });
  });

  async function serve(request: ApiRequest, response: ServerResponse): Promise<void> {
    counts.set(request.path, (counts.get(request.path) ?? 0) + 1);
    const met = faults.take(request.path);
    for (const fault of met) if (fault.kind === 'slow') await sleep(fault.delayMs, undefined, { ref: false });
    const refused = met.find((fault) => fault.kind === 'status');
    const answer = refused === undefined ? await firstAnswer(services, request) : refusal(refused);
    write(response, answer, met);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  return {
    url: `http://${options.host ?? '127.0.0.1'}:${(server.address() as AddressInfo).port}`,
    faults,
    requestCount: (prefix = '') =>
      [...counts].reduce((sum, [path, count]) => (path.startsWith(prefix) ? sum + count : sum), 0),
    close: () => close(server),
  };
}

async function firstAnswer(services: readonly SampleService[], request: ApiRequest): Promise<ApiAnswer> {
  for (const service of services) {
    const answer = await service(request);
    if (answer !== undefined) return answer;
  }
  return {
    status: 404,
    headers: { 'content-type': 'text/plain' },
    body: `No sample API has ${request.path}.\n`,
  };
}

function refusal(fault: Fault & { readonly kind: 'status' }): ApiAnswer {
  const retryAfter =
    fault.retryAfter === 'http-date' ? new Date(Date.now() + 2000).toUTCString() : fault.retryAfter;
  return {
    status: fault.status,
    headers: {
      'content-type': 'application/json',
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    },
    body: JSON.stringify({ message: `Injected fault: status ${fault.status}` }),
  };
}

function write(response: ServerResponse, answer: ApiAnswer, faults: readonly Fault[]): void {
  const { page } = answer;
  const changed =
    page !== undefined && faults.some(concernsRecords)
      ? faultyRecords(page.records(), page.key, faults)
      : undefined;
  const whole = Buffer.from(page?.render(changed) ?? answer.body ?? '');
  const drop = faults.some((fault) => fault.kind === 'drop');
  const half = faults.some((fault) => fault.kind === 'malformed')
    ? whole.subarray(0, whole.length >> 1)
    : whole;
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(answer.status === 304 ? {} : { 'content-length': half.length }),
    'x-sample-api': 'stand-in for development',
  });
  if (!drop) response.end(half);
  else response.write(whole.subarray(0, whole.length >> 1), () => response.destroy());
}

function parseRequest(message: IncomingMessage): ApiRequest {
  const origin = `http://${message.headers.host ?? 'localhost'}`;
  const url = new URL(message.url ?? '/', origin);
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
  return { path: url.pathname, query: url.searchParams, headers, origin };
}

/** GET reports the rules and how often they fired, POST adds one or a list, DELETE clears them. */
async function control(message: IncomingMessage, response: ServerResponse, faults: FaultPlan): Promise<void> {
  if (message.method === 'POST') {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk);
    const rules: FaultRule | FaultRule[] = JSON.parse(Buffer.concat(chunks).toString());
    for (const rule of [rules].flat()) faults.add(rule);
  }
  if (message.method === 'DELETE') faults.clear();
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(faults.report()));
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
  });
}
