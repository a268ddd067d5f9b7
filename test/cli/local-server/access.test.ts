import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as send } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccess } from '../../../lib/cli/local-server/access';
import { type HttpServer, startHttpServer } from '../../../lib/cli/local-server/http-server';
import { openServerToken, readServerToken, signInLink } from '../../../lib/cli/local-server/server-token';
import { readSignInLink } from '../../support/signed-in';

const TOKEN = 'open sesame; please';

const asked = (headers: Record<string, string> = {}, path = '/graphql') =>
  new Request(`http://127.0.0.1:3000${path}`, { headers });
const bearing = (token: string) => asked({ authorization: `Bearer ${token}` });
const isAdmin = (answer: unknown): boolean => !(answer instanceof Response);

describe('who is let in', () => {
  const authorize = createAccess({ token: TOKEN });

  test('nobody without a token, and the refusal says where to get it', async () => {
    const answer = await authorize(asked());
    if (!(answer instanceof Response)) throw new Error('it let us in');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(await answer.json()).toMatchObject({
      title: 'Not signed in',
      detail: 'This server asks for its token, and none was sent.',
      remedy: expect.stringContaining('headrace token show'),
    });
  });

  test('whoever bears it, and in no other way', async () => {
    expect(await authorize(bearing(TOKEN))).toEqual({ user: 'local', role: 'admin' });
    for (const authorization of ['', 'Bearer', 'Bearer wrong', `Basic ${TOKEN}`, `Bearer ${TOKEN}x`, TOKEN])
      expect(isAdmin(await authorize(asked({ authorization })))).toBe(false);
    expect(isAdmin(await authorize(asked({ cookie: `headrace_token=${TOKEN}` })))).toBe(false);
    expect(isAdmin(await authorize(asked({}, `/graphql?token=${encodeURIComponent(TOKEN)}`)))).toBe(false);
  });

  test('tokens that were made for programs, for what they are good for; no others are looked up', async () => {
    const shown: string[] = [];
    const identify = async (token: string) => {
      shown.push(token);
      return token.endsWith('1') ? { user: 'ci', role: 'launcher' as const } : undefined;
    };
    const taking = createAccess({ token: TOKEN, identify });

    expect(await taking(bearing('headrace_a_1'))).toEqual({ user: 'ci', role: 'launcher' });
    expect(((await taking(bearing('headrace_a_2'))) as Response).status).toBe(401);
    expect(((await taking(bearing('wrong'))) as Response).status).toBe(401);
    expect(shown).toEqual(['headrace_a_1', 'headrace_a_2']);
    expect(isAdmin(await authorize(bearing('headrace_a_1')))).toBe(false);
  });
});

describe('the token of a home', () => {
  let home: string;
  const file = () => join(home, 'server_token');
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'headrace-token-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  test('is 256 random bits, made once, which its user alone can read', () => {
    expect(readServerToken(home)).toBeUndefined();
    const token = openServerToken(home);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect([openServerToken(home), readServerToken(home)]).toEqual([token, token]);
    expect(statSync(file()).mode & 0o777).toBe(0o600);

    rmSync(file());
    expect(openServerToken(home)).not.toBe(token);
  });

  test('is closed to others again where a copy opened it, and never empty', () => {
    const token = openServerToken(home);
    chmodSync(file(), 0o644);
    expect(openServerToken(home)).toBe(token);
    expect(statSync(file()).mode & 0o777).toBe(0o600);

    writeFileSync(file(), '\n');
    expect(readServerToken(home)).toBeUndefined();
    expect(openServerToken(home)).toHaveLength(64);
    expect(readFileSync(file(), 'utf8').trim()).toHaveLength(64);
  });

  test('stands in the part of the link that is sent to nobody', () => {
    const link = signInLink('http://127.0.0.1:3000', TOKEN);
    expect(new Request(link).url).toBe(link);
    const { pathname, search } = new URL(link);
    expect(pathname + search).toBe('/');
    expect(readSignInLink(link)).toEqual({ url: 'http://127.0.0.1:3000', token: TOKEN });
  });
});

describe('requests that a page elsewhere makes', () => {
  let servers: Record<'loopback' | 'open', HttpServer>;
  beforeAll(async () => {
    const start = (host: string) =>
      startHttpServer({
        host,
        port: 0,
        handler: async () => new Response('ok'),
        onError: (error) => {
          throw error;
        },
      });
    servers = { loopback: await start('127.0.0.1'), open: await start('0.0.0.0') };
  });
  afterAll(() => Promise.all(Object.values(servers).map((server) => server.close())));

  const statusOf = (port: number, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      const sent = send({ host: '127.0.0.1', port, path: '/', headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      sent.once('error', reject);
      sent.end();
    });

  test.each([
    // The name that the browser used, the page's origin, and whether the loopback server and the open one answer.
    ['127.0.0.1', undefined, 200, 200],
    ['127.0.0.1', 'http://127.0.0.1', 200, 200],
    ['localhost', 'http://localhost', 200, 200],
    ['127.0.0.1', 'http://evil.example', 403, 403],
    ['127.0.0.1', 'null', 403, 403],
    ['127.0.0.1', 'http://127.0.0.1:1', 403, 403],
    ['build-box', undefined, 403, 200],
    ['build-box', 'http://build-box', 403, 200],
    ['build-box', 'https://build-box', 403, 200],
    ['127.0.0.1', 'https://127.0.0.1', 403, 200],
    ['build-box', 'http://evil.example', 403, 403],
  ])('Host %s, Origin %s: %i on loopback, %i when open', async (name, origin, loopback, open) => {
    const ask = (port: number) => {
      const host = `${name}:${port}`;
      const isOwn = origin !== undefined && /^https?:\/\/[^:]+$/.test(origin) && origin.endsWith(name);
      return statusOf(port, {
        host,
        ...(origin === undefined ? {} : { origin: isOwn ? `${origin}:${port}` : origin }),
      });
    };
    expect([await ask(servers.loopback.port), await ask(servers.open.port)]).toEqual([loopback, open]);
  });
});
