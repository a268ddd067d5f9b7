import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { createEventBridgeAlertPublisher } from '../../../lib/adapters/aws/eventbridge-alert-publisher';
import { alertPublisherContract } from '../../contracts/alert-publisher-contract';
import { ServiceFault, startFakeAws } from '../../support/aws/services/fake-aws';

interface Entry {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

const entriesOf = (inputs: readonly unknown[]): Entry[] =>
  inputs.flatMap((input) => (input as { Entries: Entry[] }).Entries);

async function open() {
  const aws = await startFakeAws();
  const client = new EventBridgeClient(aws.clientConfig);
  return {
    aws,
    publisher: createEventBridgeAlertPublisher({ client, instance: 'prod' }),
    received: () =>
      entriesOf(aws.of('PutEvents')).map(({ Detail }) => JSON.parse(Detail) as Record<string, unknown>),
    async answer(how: 'well' | 'busy' | 'refusing' | 'away') {
      aws.operations.PutEvents = () => {
        if (how === 'away') throw new ServiceFault('InternalFailure', 'it is down', 500);
        if (how === 'refusing') throw new ServiceFault('AccessDeniedException', 'not you', 400);
        const failed = { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' };
        return how === 'busy' ? { FailedEntryCount: 1, Entries: [failed] } : { Entries: [{ EventId: '1' }] };
      };
    },
    async close() {
      client.destroy();
      await aws.close();
    },
  };
}

alertPublisherContract(open);

test('An alert is an event of the source and type that the rule takes, with the name of the instance', async () => {
  const { aws, publisher, close } = await open();
  const alert = { type: 'queue_stuck', at: Date.UTC(2026, 0, 1), seconds: 600 } as const;
  await publisher.publish({ id: 'alert-1', subject: 'Stuck', text: 'Stuck\nLook at "it"', alert });
  expect(entriesOf(aws.of('PutEvents'))).toMatchObject([
    {
      Source: 'headrace',
      DetailType: 'Headrace Alert',
      Detail: expect.stringContaining('"instance":"prod"'),
    },
  ]);
  // What the rule puts into its message.
  expect(entriesOf(aws.of('PutEvents')).map(({ Detail }) => JSON.parse(Detail))).toMatchObject([
    { text: 'Stuck\nLook at "it"', line: "Stuck. Look at 'it'" },
  ]);
  await close();
});
