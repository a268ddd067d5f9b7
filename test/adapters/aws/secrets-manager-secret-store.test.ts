import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { readLoginSecret } from '../../../lib/adapters/aws/login-secret';
import { createSecretsManagerSecretStore } from '../../../lib/adapters/aws/secrets-manager-secret-store';
import { type FakeAws, ServiceFault, startFakeAws } from '../../support/aws/services/fake-aws';

let aws: FakeAws;
let client: SecretsManagerClient;
beforeEach(async () => {
  aws = await startFakeAws();
  client = new SecretsManagerClient(aws.clientConfig);
});
afterEach(async () => {
  client.destroy();
  await aws.close();
});
const holds = (SecretString: string): void => {
  aws.operations['GetSecretValue'] = () => ({ SecretString });
};

test('The secret is read once, however many names are asked for; unknown ones are not set', async () => {
  holds('{"A":"1","B":""}');
  const store = createSecretsManagerSecretStore({ client, secretArn: 'arn:s' });

  const values = await Promise.all(['A', 'B', 'C', 'constructor'].map((name) => store.get(name)));

  expect(values).toEqual(['1', '', undefined, undefined]);
  expect(aws.of('GetSecretValue')).toEqual([{ SecretId: 'arn:s' }]);
});

test('A failure is not remembered', async () => {
  const store = createSecretsManagerSecretStore({ client, secretArn: 'arn:s' });
  aws.operations['GetSecretValue'] = () => {
    throw new ServiceFault('ThrottlingException', 'Rate exceeded');
  };
  await expect(store.get('A')).rejects.toMatchObject({ fault: 'transient' });
  holds('{"A":"1"}');

  expect(await store.get('A')).toBe('1');
});

test.each([
  'not json s3cr3t',
  '["s3cr3t"]',
  '{"A":{"s3cr3t":1}}',
  'null',
])('A secret like %s is refused without telling what it holds', async (text) => {
  holds(text);
  const failure = await createSecretsManagerSecretStore({ client, secretArn: 'arn:s' })
    .get('A')
    .catch((error: Error) => error);
  const login = await readLoginSecret('arn:s', client).catch((error: Error) => error);

  expect([String(failure), String(login)].join()).not.toContain('s3cr3t');
  expect([failure, login]).toMatchObject([{ fault: 'permanent' }, { fault: 'permanent' }]);
});

test("A database user's secret gives name and password", async () => {
  holds('{"username":"u","password":"p","host":"h"}');

  expect(await readLoginSecret('arn:s', client)).toEqual({ username: 'u', password: 'p' });
});
