import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { contentSecurityPolicy } from '../../lib/model/dashboard-delivery';
import type { IdentitySettings } from '../../lib/model/identity-settings';
import { authorizationFor } from './signed-in';

export interface BearerProxy {
  readonly url: string;
  /** Requests for data that were refused. */
  readonly refused: { count: number };
  close(): Promise<void>;
}

/**
 * What CloudFront and API Gateway are to the dashboard, in front of a local server: its files for everybody, its
 * data for whoever shows a token that is let in, a `config.json` that says where people log in, and the policy
 * that lets the browser ask there.
 */
export async function startBearerProxy(
  target: string,
  auth: IdentitySettings,
  isLetIn: (token: string) => boolean,
): Promise<BearerProxy> {
  const refused = { count: 0 };
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      response.writeHead(502).end(String(error));
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    if (path === '/config.json') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ apiUrl: '/graphql', auth }));
      return;
    }
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const isData = /^\/(graphql|api)\b/.test(path);
    if (isData && (bearer === undefined || !isLetIn(bearer))) {
      refused.count += 1;
      // As API Gateway does: 401 without a token, 403 for one that its authorizer does not take.
      response.writeHead(bearer === undefined ? 401 : 403, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: bearer === undefined ? 'Unauthorized' : 'Forbidden' }));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = await fetch(target + path, {
      method: request.method ?? 'GET',
      headers: {
        ...Object.fromEntries(
          ['accept', 'content-type'].flatMap((name) => {
            const value = request.headers[name];
            return typeof value === 'string' ? [[name, value]] : [];
          }),
        ),
        ...authorizationFor(target),
      },
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
    });
    response.writeHead(answer.status, {
      'content-type': answer.headers.get('content-type') ?? 'application/octet-stream',
      'content-security-policy': contentSecurityPolicy([new URL(auth.issuer).origin]),
    });
    response.end(Buffer.from(await answer.arrayBuffer()));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
