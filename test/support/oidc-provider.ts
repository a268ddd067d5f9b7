import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A public client of the provider. */
export const OIDC_CLIENT = 'dashboard';

interface Grant {
  readonly challenge: string;
  readonly nonce: string;
  readonly redirectUri: string;
}

/** A stand-in of an OpenID provider, for tests: strict about what a client must send, unsigned in what it issues. */
export interface OidcProvider {
  readonly issuer: string;
  /** What was asked of it, in order: `authorize`, `log-in`, `code`, `refresh`, `logout`. */
  readonly asked: string[];
  /** Access tokens that are valid now. */
  readonly valid: Set<string>;
  /** Set to make `authorize` answer with this error. */
  refuses: string | undefined;
  /** Seconds that access tokens last. */
  lifetime: number;
  /** Makes all refresh tokens unknown. */
  forgetRefreshTokens(): void;
  close(): Promise<void>;
}

/**
 * Starts it. Somebody who has not logged in at it gets a page with a link `Continue as <email>`; after that it
 * remembers them until they log out.
 */
export async function startOidcProvider(email: string): Promise<OidcProvider> {
  const grants = new Map<string, Grant>();
  const refreshTokens = new Set<string>();
  let remembered = false;
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: OidcProvider = {
    issuer,
    asked: [],
    valid: new Set(),
    refuses: undefined,
    lifetime: 3_600,
    forgetRefreshTokens: () => refreshTokens.clear(),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };

  const jwt = (claims: object) =>
    `${[{ alg: 'none' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')}.`;

  function issue(nonce?: string): object {
    const accessToken = jwt({ iss: issuer, jti: randomUUID() });
    const refreshToken = randomUUID();
    provider.valid.add(accessToken);
    refreshTokens.add(refreshToken);
    return {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: provider.lifetime,
      refresh_token: refreshToken,
      id_token: jwt({ iss: issuer, aud: OIDC_CLIENT, sub: '1', email, ...(nonce ? { nonce } : {}) }),
    };
  }

  /** Of an authorization request, what is wrong with it; these are shown, never sent back. */
  function wrongWith(query: URLSearchParams): string | undefined {
    const wanted = {
      response_type: 'code',
      client_id: OIDC_CLIENT,
      code_challenge_method: 'S256',
      scope: 'openid email',
    };
    for (const [name, value] of Object.entries(wanted)) {
      if (query.get(name) !== value) return `${name} is ${query.get(name)}, not ${value}`;
    }
    return ['state', 'nonce', 'code_challenge', 'redirect_uri'].find((name) => !query.get(name));
  }

  function authorize(url: URL, response: ServerResponse): void {
    const query = url.searchParams;
    const wrong = wrongWith(query);
    if (wrong !== undefined) {
      response.writeHead(400).end(`bad authorization request: ${wrong}`);
      return;
    }
    const back = new URL(query.get('redirect_uri') ?? '');
    back.searchParams.set('state', query.get('state') ?? '');
    if (provider.refuses !== undefined) {
      back.searchParams.set('error', provider.refuses);
      back.searchParams.set('error_description', 'The account is locked');
      response.writeHead(302, { location: back.href }).end();
      return;
    }
    if (!remembered) {
      const link = `/log-in${url.search}`.replaceAll('&', '&amp;');
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(`<!doctype html><title>Provider</title><a href="${link}">Continue as ${email}</a>`);
      return;
    }
    const code = randomUUID();
    grants.set(code, {
      challenge: query.get('code_challenge') ?? '',
      nonce: query.get('nonce') ?? '',
      redirectUri: query.get('redirect_uri') ?? '',
    });
    back.searchParams.set('code', code);
    response.writeHead(302, { location: back.href }).end();
  }

  function tokens(body: URLSearchParams): object | undefined {
    if (body.get('client_id') !== OIDC_CLIENT) return undefined;
    if (body.get('grant_type') === 'refresh_token') {
      provider.asked.push('refresh');
      return refreshTokens.delete(body.get('refresh_token') ?? '') ? issue() : undefined;
    }
    provider.asked.push('code');
    const code = body.get('code') ?? '';
    const grant = grants.get(code);
    grants.delete(code);
    const challenge = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url');
    const isRight = grant?.challenge === challenge && grant.redirectUri === body.get('redirect_uri');
    return grant && isRight ? issue(grant.nonce) : undefined;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer);
    const json = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json', 'access-control-allow-origin': '*' });
      response.end(JSON.stringify(body));
    };
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(200, {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          end_session_endpoint: `${issuer}/logout`,
        });
      case '/authorize':
        provider.asked.push('authorize');
        return authorize(url, response);
      case '/log-in':
        provider.asked.push('log-in');
        remembered = true;
        return authorize(url, response);
      case '/token': {
        let text = '';
        for await (const chunk of request) text += String(chunk);
        const issued = tokens(new URLSearchParams(text));
        return issued ? json(200, issued) : json(400, { error: 'invalid_grant' });
      }
      case '/logout':
        provider.asked.push('logout');
        remembered = false;
        response.writeHead(302, { location: url.searchParams.get('post_logout_redirect_uri') ?? '' }).end();
        return;
      default:
        response.writeHead(404).end();
    }
  }

  return provider;
}
