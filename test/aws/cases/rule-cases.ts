import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import type { FixtureClients } from '../../support/aws/emulator/emulator-fixture';
import { until } from '../../support/until';

const CHANGED_RULE = 'changed';
/** Time between two looks at the rules, without the restored behaviour, and a bit. */
const LONGEST_SWEEP_MS = 11_000;
let madeAt = 0;

/** A rule that never fires, made before everything else, so that it is old enough to be changed at the end. */
export async function makeChangedRule(fixture: FixtureClients): Promise<void> {
  const eventbridge = new EventBridgeClient(fixture.aws.clientConfig);
  const never = 'cron(0 0 1 1 ? 2020)';
  await eventbridge.send(new PutRuleCommand({ Name: CHANGED_RULE, ScheduleExpression: never }));
  const target = {
    Id: '1',
    Arn: fixture.output('RecordFunction'),
    Input: JSON.stringify({ rule: CHANGED_RULE }),
  };
  await eventbridge.send(new PutTargetsCommand({ Rule: CHANGED_RULE, Targets: [target] }));
  madeAt = Date.now();
}

/** When rules fire. Needs `makeChangedRule` a minute before. */
export function ruleCases(deployed: () => FixtureClients): void {
  describe('rules', () => {
    let fixture: FixtureClients;
    beforeAll(() => {
      fixture = deployed();
    });

    test('fire every minute, never for the past, and are not deleted while they have targets', async () => {
      const eventbridge = new EventBridgeClient(fixture.aws.clientConfig);
      const fired = await until(
        'the rule',
        async () => (await fixture.recorded()).find(({ event }) => event.rule === 'EveryMinute'),
        75_000,
      );
      expect(Date.parse(String(fired.event.time))).toBeLessThanOrEqual(fired.at);

      // To be overdue as the emulator sees it, the rule must be older than its new rate.
      await sleep(Math.max(0, madeAt + 61_000 - Date.now()));
      await eventbridge.send(
        new PutRuleCommand({ Name: CHANGED_RULE, ScheduleExpression: 'rate(1 minute)' }),
      );
      await sleep(LONGEST_SWEEP_MS);
      expect((await fixture.recorded()).filter(({ event }) => event.rule === CHANGED_RULE)).toEqual([]);

      const remove = new DeleteRuleCommand({ Name: CHANGED_RULE });
      await expect(eventbridge.send(remove)).rejects.toThrow(/since it has targets/);
      await eventbridge.send(new RemoveTargetsCommand({ Rule: CHANGED_RULE, Ids: ['1'] }));
      await eventbridge.send(remove);
    });
  });
}
