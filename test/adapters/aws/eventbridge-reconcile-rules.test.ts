import { reconcileRules, removeRules } from '../../../lib/adapters/aws/eventbridge-reconcile-rules';
import { planRules } from '../../../lib/adapters/aws/eventbridge-rule';
import { EventBridgeRules } from '../../../lib/adapters/aws/eventbridge-rules';
import type { ScheduleTiming } from '../../../lib/model/scheduler-timings';
import { openEventBridge, WAKE_UP_ARN } from './eventbridge-harness';

let opened: Awaited<ReturnType<typeof openEventBridge>>;
let rules: EventBridgeRules;

beforeEach(async () => {
  opened = await openEventBridge();
  rules = rulesOf('prod');
});
afterEach(() => opened.close());

const rulesOf = (instance: string) =>
  new EventBridgeRules({ client: opened.client, clock: opened.clock, instance });

const daily = (...times: string[]): ScheduleTiming[] =>
  times.map((time) => {
    const [hour, minute] = time.split(':').map(Number);
    return { cron: [`${minute} ${hour} * * *`], timezone: 'UTC' };
  });

async function reconcile(
  schedules: readonly ScheduleTiming[],
  options: { readonly instance?: string; readonly maxRules?: number; readonly arn?: string } = {},
) {
  const { instance = 'prod', maxRules = 80, arn = WAKE_UP_ARN } = options;
  const timings = { schedules, sensors: [] };
  const wanted = planRules({ instance, timings, maxRules, isSweepArmed: false, now: opened.clock.now() });
  const known = await rulesOf(instance).list();
  return reconcileRules(rulesOf(instance), { known, wanted, targetArn: arn });
}

const expressions = () => [...opened.fake.rules.values()].map((rule) => rule.ScheduleExpression).sort();

describe('planRules', () => {
  const plan = (instance: string, maxRules = 80) =>
    planRules({ instance, timings: { schedules: [], sensors: [] }, maxRules, isSweepArmed: false, now: 0 });

  it('refuses names that EventBridge would refuse, and too few rules, saying what to do', () => {
    expect(() => plan('not allowed')).toThrow(/'not allowed-alarm-safety'.*plainer instance name/);
    expect(() => plan('x'.repeat(60))).toThrow(/at most 64/);
    expect(() => plan('prod', 2)).toThrow(/maxRules is 2; it has to be at least 3/);
  });

  it('keeps to maxRules with the sweep and the safety rule counted', () => {
    const schedules = daily('00:05', '01:10', '02:15', '03:20', '04:25');
    for (const maxRules of [3, 4, 80]) {
      const timings = { schedules, sensors: [] };
      const planned = planRules({ instance: 'prod', timings, maxRules, isSweepArmed: false, now: 0 });
      expect(planned).toHaveLength(Math.min(maxRules, schedules.length + 2));
    }
  });
});

describe('reconcileRules', () => {
  it('makes rules with their target, and touches nothing when nothing changed', async () => {
    const first = await reconcile(daily('02:30', '03:15'));
    expect(first.changed).toHaveLength(4);
    expect(expressions()).toEqual([
      'cron(15 3 * * ? *)',
      'cron(30 2 * * ? *)',
      'cron(5 * * * ? *)',
      'rate(1 minute)',
    ]);
    for (const { targets } of opened.fake.rules.values()) {
      expect([...targets.values()]).toMatchObject([
        { Arn: WAKE_UP_ARN, RetryPolicy: { MaximumEventAgeInSeconds: 300 } },
      ]);
    }
    opened.fake.calls.length = 0;
    expect(await reconcile(daily('02:30', '03:15'))).toEqual({ changed: [], removed: [] });
    expect(opened.fake.changes).toEqual([]);
  });

  it('changes what differs only, new rules before old ones go', async () => {
    await reconcile(daily('02:30', '03:15'));
    opened.fake.calls.length = 0;
    const { changed, removed } = await reconcile(daily('02:30', '04:45'));
    expect([changed.length, removed.length]).toEqual([1, 1]);
    expect(opened.fake.changes).toEqual(['PutRule', 'PutTargets', 'RemoveTargets', 'DeleteRule']);
    expect(expressions()).toContain('cron(45 4 * * ? *)');
    expect(expressions()).not.toContain('cron(15 3 * * ? *)');
  });

  it('repairs what somebody changed by hand: another target, none, a disabled rule', async () => {
    await reconcile(daily('02:30', '03:15', '04:45'));
    const [a, b, c] = [...opened.fake.rules.values()].filter(({ Name }) => Name.includes('-tick-'));
    a?.targets.clear();
    b?.targets.set('wake-up', { Id: 'wake-up', Arn: 'arn:aws:lambda:eu-central-1:1:function:other' });
    if (c !== undefined) opened.fake.rules.set(c.Name, { ...c, State: 'DISABLED' });
    const { changed } = await reconcile(daily('02:30', '03:15', '04:45'));
    expect([...changed].sort()).toEqual([a?.Name, b?.Name, c?.Name].sort());
    expect(opened.fake.firing(4 * 60 + 45)).toMatchObject([{ arn: WAKE_UP_ARN }]);
  });

  it('points all rules at a function that was replaced', async () => {
    await reconcile(daily('02:30'));
    const { changed } = await reconcile(daily('02:30'), { arn: `${WAKE_UP_ARN}-2` });
    expect(changed).toHaveLength(3);
    expect(opened.fake.firing(150)).toEqual([
      { rule: expect.stringContaining('tick'), arn: `${WAKE_UP_ARN}-2` },
    ]);
  });

  it('reads all pages, and leaves rules of others alone, also of an instance whose name begins alike', async () => {
    opened.fake.pageSize = 3;
    await reconcile(daily('01:01', '02:02', '03:03', '04:04', '05:05', '06:06'));
    await reconcile(daily('07:07'), { instance: 'prod-alarm-2' });
    await reconcile(daily('08:08'), { instance: 'prod2' });
    const { removed } = await reconcile(daily('01:01'));
    expect(removed).toHaveLength(5);
    expect(opened.fake.rules.size).toBe(3 * 3);
    expect(await removeRules(rules)).toHaveLength(3);
    expect(await removeRules(rules)).toEqual([]);
    expect([...opened.fake.rules.keys()].filter((name) => name.startsWith('prod-alarm-2-'))).toHaveLength(3);
    expect([...opened.fake.rules.keys()].filter((name) => name.startsWith('prod2-'))).toHaveLength(3);
  });

  it.each([
    ['throttled lists', { operation: 'ListRules', error: 'ThrottlingException' }],
    ['throttled rules', { operation: 'PutRule', error: 'ThrottlingException' }],
    ['two changes at a time', { operation: 'PutTargets', error: 'ConcurrentModificationException' }],
    ['a target that failed in a call that did not', { operation: 'PutTargets', error: 'failed-entry' }],
    ['a fault of theirs', { operation: 'ListTargetsByRule', error: 'InternalException', status: 500 }],
    ['a throttled deletion', { operation: 'DeleteRule', error: 'ThrottlingException' }],
    ['a removal of targets that failed', { operation: 'RemoveTargets', error: 'failed-entry' }],
  ])('gets over %s', async (_what, fault) => {
    await reconcile(daily('02:30'));
    opened.fake.faults.push(fault, fault);
    await reconcile(daily('03:15'));
    expect(await reconcile(daily('03:15'))).toEqual({ changed: [], removed: [] });
    expect(opened.fake.faults).toEqual([]);
    expect(opened.clock.sleeps).toEqual([200, 400]);
    expect(expressions()).toEqual(['cron(15 3 * * ? *)', 'cron(5 * * * ? *)', 'rate(1 minute)']);
  });

  it('gives up on throttling that does not end, as a failure that may pass', async () => {
    for (let i = 0; i < 8; i += 1) {
      opened.fake.faults.push({ operation: 'ListRules', error: 'ThrottlingException' });
    }
    await expect(reconcile([])).rejects.toMatchObject({ fault: 'transient', code: 'ThrottlingException' });
    expect(opened.fake.faults).toEqual([]);
  });

  it('says what to do when the account is full, without trying again', async () => {
    opened.fake.quota = 2;
    const reconciling = reconcile(daily('02:30'));
    await expect(reconciling).rejects.toMatchObject({ fault: 'permanent', code: 'LimitExceededException' });
    await expect(reconciling).rejects.toThrow(/PutRule of rule 'prod-alarm-sweep'.*lower maxRules/);
    expect(opened.clock.sleeps).toEqual([]);
  });

  it('makes a rule again that somebody else removed before it got its target', async () => {
    let removed = 0;
    opened.fake.before = (operation, rule) => {
      if (operation !== 'PutTargets' || removed > 0 || rule === undefined) return;
      removed += Number(opened.fake.rules.delete(rule));
    };
    await reconcile(daily('02:30'));
    expect(removed).toBe(1);
    expect(opened.fake.firing(150)).toMatchObject([{ arn: WAKE_UP_ARN }]);
  });
});
