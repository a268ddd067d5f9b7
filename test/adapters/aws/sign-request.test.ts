import { signRequest } from '../../../lib/adapters/aws/sign-request';

// Credentials and signatures of AWS's own test suite for Signature Version 4.
const SUITE = {
  credentials: {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  },
  region: 'us-east-1',
  service: 'service',
  at: Date.UTC(2015, 7, 30, 12, 36),
};
const signatureOf = (method: string, path: string): string | undefined =>
  /Signature=(\w+)/.exec(
    signRequest({ method, url: new URL(path, 'https://example.amazonaws.com') }, SUITE).authorization ?? '',
  )?.[1];

test.each([
  ['get-vanilla', 'GET', '/', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['post-vanilla', 'POST', '/', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  [
    'get-vanilla-query-order-key-case',
    'GET',
    '/?Param2=value2&Param1=value1',
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
])('signs as AWS does: %s', (_name, method, path, signature) => {
  expect(signatureOf(method, path)).toBe(signature);
});

test('signs as AWS does: post-header-key-sort', () => {
  const url = new URL('https://example.amazonaws.com/');
  const signed = signRequest({ method: 'POST', url, headers: { 'my-header1': 'value1' } }, SUITE);

  expect(signed.authorization).toContain(
    'SignedHeaders=host;my-header1;x-amz-date, Signature=c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c',
  );
  expect(signed['my-header1']).toBe('value1');
});

test('signs the token of temporary credentials, and nothing else than it is told', () => {
  const credentials = { ...SUITE.credentials, sessionToken: 'token' };
  const headers = signRequest(
    { method: 'POST', url: new URL('https://x.example.com/iam/api/runs'), body: '{}' },
    { ...SUITE, credentials },
  );
  expect(headers).toMatchObject({ 'x-amz-security-token': 'token', 'x-amz-date': '20150830T123600Z' });
  expect(headers.authorization).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token');
  expect(Object.keys(headers)).not.toContain('host');
});
