import { createRequire } from 'node:module';
import { readAslDefinition } from '../../lib/adapters/local/asl-interpreter/asl-definition';
import {
  byChoice,
  byLocation,
  runCoordinatorDefinition,
} from '../../lib/run-coordinator/run-coordinator-definition';

const validate = createRequire(import.meta.url)('asl-validator') as (definition: unknown) => Promise<{
  readonly isValid: boolean;
  readonly errorsText: (separator?: string) => string;
}>;

const definition = runCoordinatorDefinition({
  cluster: 'arn:aws:ecs:eu-central-1:1:cluster/headrace',
  taskDefinition: byChoice('image', { orchestration: 'arn:aws:ecs:eu-central-1:1:task-definition/worker' }),
  taskRole: byChoice('role', { orchestration: 'arn:aws:iam::1:role/worker' }),
  containerName: 'worker',
  subnets: ['subnet-1'],
  securityGroups: ['sg-1'],
  assignPublicIp: true,
  runFunction: byLocation({ orchestration: 'arn:aws:lambda:eu-central-1:1:function:run' }),
  issueTokenFunction: 'arn:aws:lambda:eu-central-1:1:function:issue-attempt-token',
  finalizeFunction: 'arn:aws:lambda:eu-central-1:1:function:finalize',
});

describe('the state machine', () => {
  it('is valid Amazon States Language', async () => {
    const result = await validate(structuredClone(definition));
    expect(result.errorsText('\n')).toBe('');
    expect(result.isValid).toBe(true);
  });

  it('would not be valid with a transition to nowhere', async () => {
    const states = definition.States as Record<string, object>;
    const broken = {
      ...definition,
      States: { ...states, RunOnLambda: { ...states.RunOnLambda, Next: 'Nowhere' } },
    };
    expect((await validate(structuredClone(broken))).isValid).toBe(false);
  });

  it('uses nothing that the local interpreter does not cover', () => {
    expect(readAslDefinition(definition).StartAt).toBe('IssueToken');
  });

  it('fits the limits of Step Functions on the size of a definition and the length of an ECS client token', () => {
    expect(JSON.stringify(definition).length).toBeLessThan(1024 * 1024);
    expect(`${'0'.repeat(36)}-999-6-6`.length).toBeLessThanOrEqual(64);
  });
});
