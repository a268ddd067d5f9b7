import { describe, expect, test } from '@jest/globals';
import { fetchPublic } from '../../../lib/api/authorizer/fetch-public';
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

  test('a name is called only when all its addresses are public, and no redirect is followed', async () => {
    const asked: RequestInit[] = [];
    const send = async (_: unknown, init?: RequestInit) => {
      asked.push(init ?? {});
      return new Response('{}');
    };
    const to = (addresses: readonly string[]) => ({
      lookup: async () => addresses.map((address) => ({ address })),
      fetch: send as typeof fetch,
    });
    const url = 'https://login.example.com/.well-known/openid-configuration';

    await fetchPublic(url, {}, to(['93.184.216.34', '2606:4700::1111']));
    for (const hidden of [['93.184.216.34', '169.254.169.254'], ['::1'], []]) {
      await expect(fetchPublic(url, {}, to(hidden))).rejects.toThrow(ForbiddenAddressError);
    }

    expect(asked).toEqual([{ redirect: 'error' }]);
  });
});
