import { LambdaClient } from '@aws-sdk/client-lambda';
import { createLambdaCodeLocationClient } from '../../../lib/adapters/aws/lambda-code-location-client';
import { UserCodeError } from '../../../lib/ports/code-location-client';
import { type FakeAws, startFakeAws } from '../../support/aws/services/fake-aws';

let aws: FakeAws;
let client: LambdaClient;
beforeEach(async () => {
  aws = await startFakeAws();
  client = new LambdaClient(aws.clientConfig);
});
afterEach(async () => {
  client.destroy();
  await aws.close();
});

const call = (location = 'shop') =>
  createLambdaCodeLocationClient({ client, functions: { shop: 'prod-code-shop' } }).call<'validate-config'>(
    location,
    'hash',
    { kind: 'validate-config', job: 'j', config: {} },
    { timeoutSeconds: 30 },
  );

test("The location's function gets hash, request and time; its value is the answer", async () => {
  aws.functions['prod-code-shop'] = async () => ({
    value: { ok: true, value: { ok: true, config: { a: 1 } } },
  });

  expect(await call()).toEqual({ ok: true, config: { a: 1 } });
  expect(aws.of('Invoke')).toEqual([
    {
      name: 'prod-code-shop',
      event: {
        bundleHash: 'hash',
        request: { kind: 'validate-config', job: 'j', config: {} },
        timeoutSeconds: 30,
      },
    },
  ]);
});

test('What user code threw comes as its error, with the cause', async () => {
  const error = { name: 'TypeError', message: 'broken' };
  aws.functions['prod-code-shop'] = async () => ({ value: { ok: false, error } });

  const failure = await call().catch((thrown: unknown) => thrown);

  expect(failure).toBeInstanceOf(UserCodeError);
  expect(failure).toMatchObject({
    message: 'Code location "shop" failed in the config of job "j": TypeError: broken',
    cause: error,
  });
});

test('A function that ends before it answers is a passing failure, in its words', async () => {
  const error = { errorType: 'Runtime.ExitError', errorMessage: 'RequestId: 1 Error: Runtime exited' };
  aws.functions['prod-code-shop'] = async () => ({ error });

  await expect(call()).rejects.toMatchObject({
    fault: 'transient',
    message: expect.stringMatching(/'shop'.*prod-code-shop.*Runtime exited/),
  });
});

test('A location without a function says what to do', async () => {
  await expect(call('other')).rejects.toMatchObject({
    fault: 'permanent',
    message: expect.stringContaining('cdk deploy'),
  });
  await expect(call()).rejects.toMatchObject({ fault: 'permanent', code: 'ResourceNotFoundException' });
});
