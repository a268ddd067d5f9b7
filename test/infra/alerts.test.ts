import { Match } from 'aws-cdk-lib/assertions';
import { ALERT_EVENT } from '../../lib/model/alert-event';
import { emptyPrograms, synthesize } from './synthesize';

const programs = emptyPrograms();
const { data, service } = synthesize(programs.folder, { alertEmails: ['ann@example.com'] });
afterAll(() => programs.dispose());

const [topic = ''] = Object.keys(service.findResources('AWS::SNS::Topic'));

test("The engine's alerts of this instance, and of no other, go to the topic; what cannot be delivered is kept", () => {
  const [queue] = Object.keys(service.findResources('AWS::SQS::Queue'));
  service.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: [ALERT_EVENT.source],
      'detail-type': [ALERT_EVENT.detailType],
      detail: { instance: ['headrace'] },
    },
    State: 'ENABLED',
    Targets: [
      Match.objectLike({ Arn: { Ref: topic }, DeadLetterConfig: { Arn: { 'Fn::GetAtt': [queue, 'Arn'] } } }),
    ],
  });
  service.hasResourceProperties('AWS::SNS::Subscription', {
    Protocol: 'email',
    Endpoint: 'ann@example.com',
    TopicArn: { Ref: topic },
  });
});

test('The message is made of nothing but the line that can stand between quotes', () => {
  const [transformer] = Object.values(service.findResources('AWS::Events::Rule')).flatMap(({ Properties }) =>
    (Properties.Targets as { InputTransformer?: unknown }[]).flatMap(
      ({ InputTransformer }) => InputTransformer ?? [],
    ),
  ) as { InputPathsMap: Record<string, string>; InputTemplate: string }[];
  const [[name, path] = []] = Object.entries(transformer?.InputPathsMap ?? {});

  expect(path).toBe('$.detail.line');
  expect(transformer?.InputTemplate).toBe(`"Headrace headrace: <${name}>"`);
  expect(Object.keys(transformer?.InputPathsMap ?? {})).toHaveLength(1);
});

test('EventBridge may publish to the topic and use the key that it is encrypted by', () => {
  service.hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Effect: 'Allow',
          Action: 'sns:Publish',
          Principal: { Service: 'events.amazonaws.com' },
          Resource: { Ref: topic },
        }),
      ]),
    },
  });
  data.hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
          Principal: { Service: 'events.amazonaws.com' },
        }),
      ]),
    },
  });
});

test('The functions that run the engine, and no others, may put events on the bus, under its name only', () => {
  const policies = Object.entries(service.findResources('AWS::IAM::Policy')) as [
    string,
    { Properties: { PolicyDocument: { Statement: { Action: string | string[]; Condition?: unknown }[] } } },
  ][];
  const putting = policies.flatMap(([id, { Properties }]) =>
    Properties.PolicyDocument.Statement.filter(({ Action }) =>
      [Action].flat().includes('events:PutEvents'),
    ).map(({ Condition }) => [
      id.replace(/^ControlPlane|(Function)?(Service)?RoleDefaultPolicy.*/g, ''),
      Condition,
    ]),
  );
  expect(putting.map(([name]) => name).sort()).toEqual(
    [
      ...[
        'DeliverOutbox',
        'Dequeue',
        'EvaluateTicks',
        'FinalizeRun',
        'Graphql',
        'ReceiveEvents',
        'TriggerRun',
      ],
    ].sort(),
  );
  for (const [, condition] of putting) {
    expect(condition).toEqual({ StringEquals: { 'events:source': ALERT_EVENT.source } });
  }
});
