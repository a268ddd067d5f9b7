import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { RequestOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fetchPublic, type PublicNetwork } from '../../../lib/api/authorizer/fetch-public';
import { ForbiddenAddressError, isPublicAddress, publicUrl } from '../../../lib/model/outgoing-address';

describe('addresses that the control plane calls on its own', () => {
  test.each([
    'https://login.example.com/a',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
    'https://x.co.uk:8443/',
  ])('%s is called', (address) => {
    expect(publicUrl(address).protocol).toBe('https:');
  });

  test.each([
    'http://login.example.com/',
    'https://user:pass@login.example.com/',
    'https://localhost/',
    'https://a.localhost./',
    'https://metadata.google.internal/',
    'https://intranet/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://0.0.0.0/',
    'https://10.1.2.3/',
    'https://172.16.0.1/',
    'https://172.31.255.255/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://169.254.170.2/',
    'https://100.64.0.1/',
    'https://224.0.0.1/',
    'https://[::1]/',
    'https://[::]/',
    'https://[fd00:ec2::254]/',
    'https://[fe80::1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://[::ffff:7f00:1]/',
    'https://[64:ff9b::a9fe:a9fe]/',
    'https://[2002:7f00:1::]/',
    'file:///etc/passwd',
    'no address',
  ])('%s is not', (address) => {
    expect(() => publicUrl(address)).toThrow(ForbiddenAddressError);
  });

  test('addresses next to the private ranges are public', () => {
    expect(
      ['172.15.0.1', '172.32.0.1', '11.0.0.1', '169.253.1.1', '100.128.0.1'].map(isPublicAddress),
    ).toEqual(Array(5).fill(true));
  });
});

describe('a call', () => {
  const URL = 'https://login.example.com/.well-known/openid-configuration';
  let server: Server;
  let port: number;
  /** Paths that were asked for. */
  let asked: string[];
  let answer: (response: ServerResponse) => void;

  beforeEach(async () => {
    asked = [];
    answer = (response) => response.end('{"a":1}');
    server = createServer(({ url = '' }, response) => {
      asked.push(url);
      answer(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  /** Names lead where the test says; the address that is called in the end stands for the server of the test. */
  function to(...found: readonly (readonly string[])[]) {
    const called: string[] = [];
    const looked: string[] = [];
    const network: PublicNetwork = {
      resolve: async (host) => {
        const addresses = found[Math.min(looked.length, found.length - 1)] ?? [];
        looked.push(host);
        return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      },
      request: ((url: globalThis.URL, options: RequestOptions, listener: (answer: IncomingMessage) => void) =>
        request(
          {
            ...{ host: url.hostname, path: url.pathname, port, signal: options.signal, agent: false },
            lookup: (host, details, connect) =>
              options.lookup?.(host, { ...details, all: false }, (error, address) => {
                called.push(String(address));
                if (details.all === true) connect(error, [{ address: '127.0.0.1', family: 4 }]);
                else connect(error, '127.0.0.1', 4);
              }),
          },
          listener,
        )) as PublicNetwork['request'],
    };
    return { network, called, looked };
  }
  const signal = () => AbortSignal.timeout(10_000);

  test('goes to the very address that was looked at, looked up once', async () => {
    const { network, called, looked } = to(['93.184.216.34', '2606:4700::1111'], ['127.0.0.1']);
    const response = await fetchPublic(URL, { signal: signal() }, network);
    expect(await response.json()).toEqual({ a: 1 });
    expect([called, looked]).toEqual([['93.184.216.34'], ['login.example.com']]);
    expect(asked).toEqual(['/.well-known/openid-configuration']);
  });

  test.each([
    [['127.0.0.1']],
    [['93.184.216.34', '169.254.169.254']],
    [['10.0.0.7']],
    [['::1']],
    [['::ffff:169.254.169.254']],
    [['fd00:ec2::254']],
    [['64:ff9b::a9fe:a9fe']],
    [[]],
  ])('is not made by a name that leads to %j', async (addresses) => {
    const { network } = to(addresses);
    await expect(fetchPublic(URL, { signal: signal() }, network)).rejects.toThrow(ForbiddenAddressError);
    expect(asked).toEqual([]);
  });

  test('follows no redirect, holds no more than 1 MB, and ends when it is told to', async () => {
    const { network } = to(['93.184.216.34']);
    const fetching = (until = signal()) => fetchPublic(URL, { signal: until }, network);

    answer = (response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    await expect(fetching()).rejects.toThrow('answers with a redirect, which is not followed');
    answer = (response) => response.end('x'.repeat(1_048_576));
    expect((await (await fetching()).text()).length).toBe(1_048_576);
    answer = (response) => response.end('x'.repeat(1_048_577));
    await expect(fetching()).rejects.toThrow('over 1048576 bytes');
    answer = () => {};
    const stopping = new AbortController();
    const hanging = fetching(stopping.signal);
    stopping.abort();
    await expect(hanging).rejects.toThrow();
    expect(asked.length).toBeGreaterThanOrEqual(3);
  });
});
