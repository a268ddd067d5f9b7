import { callAws, getFromDistribution } from '../../support/aws/emulator/call-aws';
import { CONTAINER, type FixtureClients } from '../../support/aws/emulator/emulator-fixture';
import { until } from '../../support/until';

/** What a deployed stack does by itself. */
export function stackCases(deployed: () => FixtureClients): void {
  describe('a deployed stack', () => {
    let fixture: FixtureClients;
    beforeAll(() => {
      fixture = deployed();
    });

    test('answers over its HTTP API with a function that runs on this Node and knows the Data API', async () => {
      const answer = await fetch(`${fixture.aws.httpApiUrl(fixture.output('HttpApiEndpoint'))}/a/b`, {
        method: 'POST',
        body: 'x',
      });

      expect(await answer.json()).toMatchObject({
        method: 'POST',
        path: '/a/b',
        body: 'x',
        node: process.version,
        dataApi: fixture.aws.dataApiUrl,
        cluster: expect.stringMatching(/^arn:aws:rds:us-east-1:000000000000:cluster:/),
        secret: expect.stringMatching(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:/),
      });
    });

    test("keeps the database's credentials in its secret, by its ARN", async () => {
      const { SecretString } = await callAws<{ SecretString: string }>(
        fixture.aws.endpoint,
        'secretsmanager',
        'secretsmanager.GetSecretValue',
        { SecretId: fixture.output('DatabaseSecretArn') },
      );

      expect(fixture.output('DatabaseSecretArn')).toMatch(/^arn:aws:secretsmanager:/);
      expect(JSON.parse(SecretString)).toMatchObject({
        username: 'postgres',
        password: expect.any(String),
        dbname: 'fixture',
        host: expect.any(String),
        port: 5432,
      });
    });

    test('runs a function and a task to its end, whose output goes to CloudWatch Logs', async () => {
      const arn = await fixture.start(fixture.output('MachineArn'), { mode: 'succeed' });
      const execution = await fixture.ended(arn);

      expect(execution.status).toBe('SUCCEEDED');
      expect(JSON.parse(execution.output ?? '')).toMatchObject({
        LastStatus: 'STOPPED',
        StopCode: 'EssentialContainerExited',
        StoppedReason: 'Essential container in task exited',
        Containers: [{ Name: CONTAINER, ExitCode: 0 }],
        StoppedAt: expect.any(Number),
      });
      const messages = await fixture.taskLogs();
      const line = messages.find((message) => message.includes('"succeed"')) ?? '{}';
      expect(JSON.parse(line)).toEqual({
        mode: 'succeed',
        endpoint: fixture.aws.endpoint,
        dataApi: fixture.aws.dataApiUrl,
        secretLength: 20,
      });
    });

    test('fails the state when the task exits with 1, with the task as JSON in the cause', async () => {
      const arn = await fixture.start(fixture.output('MachineArn'), { mode: 'fail' });
      const execution = await fixture.ended(arn);

      expect(execution).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
      expect(JSON.parse(execution.cause ?? '')).toMatchObject({
        StopCode: 'EssentialContainerExited',
        Containers: [{ Name: CONTAINER, ExitCode: 1 }],
      });
      const logs = Object.entries(await fixture.aws.logs());
      expect(
        logs.filter(([file, text]) => /containers/.test(file) && text.includes('the worker fails')),
      ).toHaveLength(1);
    });

    test('hands messages of the queue to the function', async () => {
      await callAws(fixture.aws.endpoint, 'sqs', 'AmazonSQS.SendMessage', {
        QueueUrl: fixture.output('QueueUrl'),
        MessageBody: 'from the queue',
      });

      const entry = await until('the message', async () =>
        (await fixture.recorded()).find(({ event }) => JSON.stringify(event).includes('from the queue')),
      );
      expect(entry.event).toMatchObject({ Records: [{ eventSource: 'aws:sqs', body: 'from the queue' }] });
    });

    test('makes the user of the pool, in its group', async () => {
      const { Groups } = await callAws<{ Groups: { GroupName: string }[] }>(
        fixture.aws.endpoint,
        'cognito-idp',
        'AWSCognitoIdentityProviderService.AdminListGroupsForUser',
        { UserPoolId: fixture.output('UserPoolId'), Username: 'ann' },
      );

      expect(Groups.map(({ GroupName }) => GroupName)).toEqual(['editors']);
    });

    test('reaches the HTTP API through the distribution', async () => {
      const domain = fixture.output('DistributionDomain');
      const { status, body } = await getFromDistribution(fixture.aws.endpoint, domain, '/api/runs?limit=1');

      expect(status).toBe(200);
      expect(JSON.parse(body)).toMatchObject({ method: 'GET', path: '/api/runs' });
    });

    test('serves the bucket through its distribution', async () => {
      const object = `${fixture.aws.endpoint}/${fixture.output('BucketName')}/index.html`;
      await fetch(object, { method: 'PUT', body: '<h1>fixture</h1>' });

      const answer = await getFromDistribution(
        fixture.aws.endpoint,
        fixture.output('DistributionDomain'),
        '/',
      );
      await fetch(object, { method: 'DELETE' });

      expect(answer).toEqual({ status: 200, body: '<h1>fixture</h1>' });
    });
  });
}
