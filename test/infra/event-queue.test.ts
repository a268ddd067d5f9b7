import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { emptyPrograms, type Synthesized, synthesize } from './synthesize';

let programs: ReturnType<typeof emptyPrograms>;
let found: Synthesized;
beforeAll(() => {
  programs = emptyPrograms();
  found = synthesize(programs.folder, { instance: 'prod', eventBuckets: ['landing', 'archive'] });
});
afterAll(() => programs.dispose());

test('Messages wait in an encrypted queue, and what nobody takes is kept for two weeks and rings an alarm', () => {
  found.service.hasResourceProperties('AWS::SQS::Queue', {
    QueueName: 'prod-events',
    SqsManagedSseEnabled: true,
    VisibilityTimeout: 360,
    RedrivePolicy: {
      maxReceiveCount: 5,
      deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^EventsDeadLetters'), 'Arn'] },
    },
  });
  found.service.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    FunctionName: { Ref: Match.stringLikeRegexp('ReceiveEvents') },
    EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^EventsQueue'), 'Arn'] },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
  found.service.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Dimensions: [
      {
        Name: 'QueueName',
        Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('^EventsDeadLetters'), 'QueueName'] },
      },
    ],
  });
});

test('S3 tells of the buckets that are named, and of no other; without any there is no rule', () => {
  found.service.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: ['landing', 'archive'] } },
    },
    Targets: [
      Match.objectLike({ DeadLetterConfig: Match.anyValue(), RetryPolicy: { MaximumRetryAttempts: 3 } }),
    ],
  });
  const rules = synthesize(programs.folder).resources('AWS::Events::Rule');
  expect(JSON.stringify(rules)).not.toContain('aws.s3');
});

test('Nothing of the control plane reads secrets of locations, and two functions may wake the engine', () => {
  const policies = found.resources('AWS::IAM::Policy').flatMap(([, { Properties }]) => {
    const { Statement } = Properties.PolicyDocument as {
      Statement: { Action: string | string[]; Resource: unknown }[];
    };
    const roles = JSON.stringify(Properties.Roles);
    return Statement.map(({ Action, Resource }) => ({
      roles,
      actions: [Action].flat(),
      resource: JSON.stringify(Resource),
    }));
  });
  const readers = policies.filter(
    ({ actions, resource, roles }) =>
      roles.includes('ControlPlane') &&
      actions.includes('secretsmanager:GetSecretValue') &&
      resource.includes('Location'),
  );
  expect(readers).toEqual([]);
  const wakers = policies.filter(
    ({ actions, resource, roles }) =>
      roles.includes('ControlPlane') &&
      actions.includes('lambda:InvokeFunction') &&
      resource.includes('ControlPlaneEvaluateTicks'),
  );
  expect(wakers.map(({ roles }) => /ControlPlane(Graphql|ReceiveEvents)/.exec(roles)?.[1]).sort()).toEqual([
    'Graphql',
    'ReceiveEvents',
  ]);
});
