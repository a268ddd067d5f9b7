import { diagnoseBootstrap } from '../../../lib/adapters/aws/diagnose-bootstrap';
import type { FixtureClients } from '../../support/aws/emulator/emulator-fixture';

/** What `headrace doctor --aws` finds where `cdk bootstrap` has run. */
export function bootstrapCases(deployed: () => FixtureClients): void {
  const before = { ...process.env };

  afterAll(() => {
    process.env = before;
  });

  test('doctor finds the bootstrap of the CDK, and that the roles of a deploy can be taken', async () => {
    const { endpoint, clientConfig } = deployed().aws;
    const { accessKeyId, secretAccessKey } = clientConfig.credentials;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    });

    const found = await diagnoseBootstrap({ region: clientConfig.region, now: Date.now });

    expect(found).toEqual([
      { check: 'CDK bootstrap', result: 'ok', found: expect.stringMatching(/^version \d+ in us-east-1$/) },
      { check: 'CDK roles', result: 'ok', found: expect.stringContaining('deploy, file-publishing') },
    ]);
  });
}
