import { request as send } from 'node:http';
import { createAccess } from '../../../lib/cli/local-server/access';
import { type HttpServer, startHttpServer } from '../../../lib/cli/local-server/http-server';

const TOKEN = 'open sesame; please';

const asked = (path = '/graphql', headers: Record<string, string> = {}, method = 'GET') =>
  new Request(`http://10.0.0.7:3000${path}`, { method, headers });
const isAdmin = (answer: unknown): boolean => !(answer instanceof Response);

describe('a server that only this machine reaches', () => {
  test.each(['127.0.0.1', 'localhost', '::1'])('asks for no token on %s', (host) => {
    const access = createAccess({ host, token: TOKEN });
    expect(access.token).toBeNull();
    expect(access.authorize(asked())).toEqual({ user: 'local', role: 'admin' });
  });
});

describe('a server that others reach', () => {
  const access = createAccess({ host: '0.0.0.0', token: TOKEN });

  test.each(['0.0.0.0', '::', '192.168.1.5', 'build-box'])('asks for its token on %s', async (host) => {
    const answer = await createAccess({ host }).authorize(asked());
    if (!(answer instanceof Response)) throw new Error('it let us in');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(await answer.json()).toMatchObject({ title: 'Not signed in' });
  });

  test('makes another token for each start, unless it is given one', () => {
    const tokens = [1, 2].map(() => createAccess({ host: '::' }).token ?? '');
    expect(new Set(tokens).size).toBe(2);
    expect(tokens.every((token) => token.length >= 64)).toBe(true);
    expect(createAccess({ host: '::', token: '' }).token).toHaveLength(64);
    expect(access.token).toBe(TOKEN);
  });

  test('takes it as a bearer', () => {
    expect(isAdmin(access.authorize(asked('/', { authorization: `Bearer ${TOKEN}` })))).toBe(true);
    for (const authorization of ['', 'Bearer', 'Bearer wrong', `Basic ${TOKEN}`, `Bearer ${TOKEN}x`, TOKEN])
      expect(isAdmin(access.authorize(asked('/', { authorization })))).toBe(false);
  });

  test('takes tokens that were made for programs, for what they are good for, and asks for no others', async () => {
    const shown: string[] = [];
    const identify = async (token: string) => {
      shown.push(token);
      return token.endsWith('1') ? { user: 'ci', role: 'launcher' as const } : undefined;
    };
    const taking = createAccess({ host: '::', token: TOKEN, identify });
    const answer = (bearer: string) => taking.authorize(asked('/', { authorization: `Bearer ${bearer}` }));

    expect(await answer('headrace_a_1')).toEqual({ user: 'ci', role: 'launcher' });
    expect(((await answer('headrace_a_2')) as Response).status).toBe(401);
    expect(((await answer('wrong')) as Response).status).toBe(401);
    expect(shown).toEqual(['headrace_a_1', 'headrace_a_2']);
    expect(
      ((await access.authorize(asked('/', { authorization: 'Bearer headrace_a_1' }))) as Response).status,
    ).toBe(401);
  });

  test('keeps it in a cookie for the browser that opened the address with it, and hides it', () => {
    const answer = access.signIn(asked(`/runs?token=${encodeURIComponent(TOKEN)}&q=x`));
    expect(answer?.status).toBe(303);
    expect(answer?.headers.get('location')).toBe('/runs?q=x');
    const set = answer?.headers.get('set-cookie') ?? '';
    expect(set).toMatch(/; HttpOnly; SameSite=Strict$/);
    const cookie = `theme=dark; ${set.split(';')[0]}`;
    expect(isAdmin(access.authorize(asked('/graphql', { cookie })))).toBe(true);

    expect(access.signIn(asked('/runs?token=wrong'))).toBeUndefined();
    expect(access.signIn(asked('/runs'))).toBeUndefined();
    expect(access.signIn(asked(`/?token=${encodeURIComponent(TOKEN)}`, {}, 'POST'))).toBeUndefined();
    for (const bad of ['headrace_token=wrong', 'headrace_token=', 'headrace_token', 'headrace_token=%'])
      expect(isAdmin(access.authorize(asked('/graphql', { cookie: bad })))).toBe(false);
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
