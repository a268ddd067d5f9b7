import { expect, test } from '@jest/globals';
import { asset, define, env, resource, secret } from 'headrace';
import { namesSecret } from '../../lib/model/secret-values';

test.each([
  'API_KEY',
  'SNOWFLAKE_PRIVATE_KEY',
  'PRIVATE_PEM',
  'GITHUB_TOKEN',
  'CLIENT_SECRET',
  'db_password',
  'SNOWFLAKE_PRIVATE_KEY_PASSPHRASE',
  'AWS_SECRET_ACCESS_KEY',
  'SIGNING_KEY_2',
])('%s names a secret', (name) => {
  expect(namesSecret(name)).toBe(true);
});

test.each([
  'USGS_URL',
  'PRIMARY_KEY_COLUMN',
  'TOKEN_URL',
  'PRIVATE_KEY_PATH',
  'SECRET_FILE',
  'REGION',
  'KEYWORDS',
])('%s names none', (name) => {
  expect(namesSecret(name)).toBe(false);
});

test('values of secrets, and of variables that name one, are masked when a resource is set up; defaults are not', async () => {
  const settings = {
    url: env('CRM_URL'),
    token: env('CRM_TOKEN'),
    key: env('CRM_KEY', 'none of yours'),
    nested: [secret('CRM_LOGIN'), env('CRM_PASSWORD', '')],
  };
  const crm = resource({ settings, setUp: ({ settings: resolved }) => resolved });
  const { resources } = define({ assets: asset({ key: 'a', resources: { crm }, run: () => 1 }) });
  const values: Record<string, string> = {
    CRM_URL: 'https://crm',
    CRM_TOKEN: 'tok-1',
    CRM_LOGIN: 'login-1',
    CRM_PASSWORD: 'pass-1',
  };
  const masked: string[] = [];

  const setUp = await resources.crm?.setUp({
    run: null,
    stepKey: null,
    config: null,
    resources: {},
    env: (name) => values[name],
    mask: (value) => void masked.push(value),
    log: { debug() {}, info() {}, warning() {}, error() {} },
    artifacts: { put: async () => {}, get: async () => undefined },
  });

  expect(setUp?.value).toMatchObject({ key: 'none of yours', nested: ['login-1', 'pass-1'] });
  expect(masked.sort()).toEqual(['login-1', 'pass-1', 'tok-1']);
});
