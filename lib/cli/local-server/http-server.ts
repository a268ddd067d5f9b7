import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { CliError, EXIT } from '../errors';

/** Anything that answers a Fetch request. */
export type Handler = (request: Request) => Promise<Response>;

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Stops listening and drops open connections. */
  close(): Promise<void>;
}

const gzipped = promisify(gzip);

/** Bigger answers are compressed when the client takes gzip. */
const GZIP_FROM_BYTES = 1_400;

/** Names by which only this machine reaches itself. */
const LOOPBACK = ['127.0.0.1', 'localhost', '::1', '[::1]'];

/** Whether a server that listens on this address is reached by this machine only. */
export const isLoopback = (host: string): boolean => LOOPBACK.includes(host);

/**
 * Serves a Fetch handler over HTTP. Requests whose `Origin` is another page's are refused: a web page elsewhere must
 * not be able to drive a server on this machine. So are, on the loopback address, requests whose `Host` is not this
 * server's own; other addresses have names that the server cannot know. What is let through shows a token (access.ts).
 *
 * @throws {CliError} when the port is taken, naming it and the way out
 */
export async function startHttpServer(options: {
  readonly host: string;
  readonly port: number;
  readonly handler: Handler;
  readonly onError: (error: unknown) => void;
}): Promise<HttpServer> {
  const { host, port, handler, onError } = options;
  const server = createServer((incoming, outgoing) => {
    respond(incoming, outgoing, handler, host).catch((error: unknown) => {
      onError(error);
      if (!outgoing.headersSent) outgoing.writeHead(500, { 'content-type': 'text/plain' });
      outgoing.end();
    });
  });
  server.keepAliveTimeout = 65_000;
  await listen(server, host, port);
  const address = server.address() as AddressInfo;
  return {
    url: `http://${reachableName(host)}:${address.port}`,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A name for this machine to call: addresses that mean "all" are none. */
function reachableName(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/**
 * Tells before anything is started whether a server could listen there; another program may still be faster.
 *
 * @throws {CliError} as `startHttpServer`
 */
export async function requireFreePort(host: string, port: number): Promise<void> {
  const probe = createServer();
  await listen(probe, host, port);
  await new Promise((resolve) => probe.close(resolve));
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'EADDRINUSE'
          ? `Port ${port} on ${host} is in use by another program.`
          : `Cannot listen on ${host}:${port}: ${error.message}.`;
      reject(
        new CliError(reason, {
          exitCode: EXIT.system,
          remedy:
            'Stop that program, or choose another port: --port 3001, or HEADRACE_PORT in .env (0 takes any free one).',
          cause: error,
        }),
      );
    });
    server.listen(port, host, resolve);
  });
}

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handler: Handler,
  host: string,
): Promise<void> {
  const refusal = refuse(incoming, host);
  if (refusal !== undefined) {
    outgoing.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' });
    outgoing.end(`${refusal}\n`);
    return;
  }
  const response = await handler(toRequest(incoming));
  const headers = Object.fromEntries(response.headers);
  // Answers are pages of bounded size, so they are sent whole.
  const body = Buffer.from(await response.arrayBuffer());
  const compress =
    /\bgzip\b/.test(String(incoming.headers['accept-encoding'] ?? '')) &&
    body.length >= GZIP_FROM_BYTES &&
    !/woff2|png/.test(headers['content-type'] ?? '');
  if (!compress) {
    outgoing.writeHead(response.status, { ...headers, 'content-length': body.length }).end(body);
    return;
  }
  const compressed = await gzipped(body, { level: 4 });
  outgoing
    .writeHead(response.status, {
      ...headers,
      'content-encoding': 'gzip',
      'content-length': compressed.length,
      vary: 'accept-encoding',
    })
    .end(compressed);
}

/** Why a request is not served; undefined when it is. */
function refuse(incoming: IncomingMessage, host: string): string | undefined {
  const requested = (incoming.headers.host ?? '').replace(/:\d+$/, '');
  if (isLoopback(host) && !isLoopback(requested)) {
    return `Host "${requested}" is not this server's: open it by http://127.0.0.1.`;
  }
  const origin = incoming.headers.origin;
  // A sandboxed page sends `null`: it is somebody else's too.
  const isOwn = (scheme: string): boolean => origin === `${scheme}://${incoming.headers.host}`;
  // A proxy in front may speak TLS.
  if (origin !== undefined && !isOwn('http') && (isLoopback(host) || !isOwn('https'))) {
    return `Requests from pages of ${origin} are not allowed.`;
  }
  return undefined;
}

function toRequest(incoming: IncomingMessage): Request {
  const method = incoming.method ?? 'GET';
  const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host}`);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers });
  return new Request(url, {
    method,
    headers,
    body: Readable.toWeb(incoming) as ReadableStream,
    duplex: 'half',
  } as RequestInit);
}
