import {
  DeleteRuleCommand,
  DisableRuleCommand,
  type EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Rule,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { ruleNamePrefix } from '../../model/event-bus-rules';
import type { Clock } from '../../ports/clock';
import { isRuleOf, type WantedRule } from './eventbridge-rule';
import { isGone, throwFailedEntry, toRuleError } from './eventbridge-rule-error';

/** Tries of one call, beside the SDK's own; waits double from `FIRST_DELAY_MS`, about 25 seconds in all. */
const MAX_TRIES = 8;
const FIRST_DELAY_MS = 200;

const TARGET_ID = 'wake-up';

/**
 * A wake-up that could not be delivered for five minutes is worthless: a later one finds the same work.
 * (60 to 86,400 seconds and 0 to 185 tries: API_RetryPolicy of EventBridge's reference.)
 */
const RETRY_POLICY = { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 300 };

/** The instance's rules on the account's default event bus. Every call may be repeated. */
export class EventBridgeRules {
  private readonly client: EventBridgeClient;
  private readonly clock: Clock;
  private readonly instance: string;

  constructor(options: {
    readonly client: EventBridgeClient;
    readonly clock: Clock;
    readonly instance: string;
  }) {
    this.client = options.client;
    this.clock = options.clock;
    this.instance = options.instance;
  }

  /** All of the instance's rules, by name. */
  async list(): Promise<ReadonlyMap<string, Rule>> {
    const found = new Map<string, Rule>();
    let token: string | undefined;
    do {
      const NextToken = token;
      const page = await this.call('ListRules', undefined, () =>
        this.client.send(
          new ListRulesCommand({ NamePrefix: ruleNamePrefix(this.instance), NextToken, Limit: 100 }),
        ),
      );
      for (const rule of page.Rules ?? []) {
        if (rule.Name !== undefined && isRuleOf(this.instance, rule.Name)) found.set(rule.Name, rule);
      }
      token = page.NextToken;
    } while (token !== undefined);
    return found;
  }

  /**
   * Makes a rule what it should be, and its target with it.
   *
   * @param known the rule as it was listed; undefined = it has to be made
   * @returns whether anything had to be changed
   */
  async ensure(wanted: WantedRule, targetArn: string, known: Rule | undefined): Promise<boolean> {
    for (let round = 1, rule = known; ; round += 1, rule = undefined) {
      try {
        const isChanged = !isAsWanted(rule, wanted);
        if (isChanged) await this.putRule(wanted);
        const isSame = rule !== undefined && hasTarget(await this.targets(wanted.name), targetArn);
        if (!isSame) await this.putTarget(wanted.name, targetArn);
        return isChanged || !isSame;
      } catch (error) {
        // Somebody else, who did not know of it yet, removed it between two calls.
        if (!isGone(error) || round === MAX_TRIES) throw error;
      }
    }
  }

  /** A rule that is not there is no error. */
  async remove(name: string): Promise<void> {
    try {
      // A rule that has targets cannot be deleted.
      const ids = (await this.targets(name)).flatMap(({ Id }) => Id ?? []);
      if (ids.length > 0) {
        await this.call('RemoveTargets', name, async () => {
          const answer = await this.client.send(new RemoveTargetsCommand({ Rule: name, Ids: ids }));
          throwFailedEntry('RemoveTargets', name, answer.FailedEntries);
        });
      }
      await this.call('DeleteRule', name, () => this.client.send(new DeleteRuleCommand({ Name: name })));
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  /** A rule that is not there is no error. */
  async disable(name: string): Promise<void> {
    try {
      await this.call('DisableRule', name, () => this.client.send(new DisableRuleCommand({ Name: name })));
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  private async putRule({ name, expression, description, isEnabled }: WantedRule): Promise<void> {
    await this.call('PutRule', name, () =>
      this.client.send(
        new PutRuleCommand({
          Name: name,
          ScheduleExpression: expression,
          Description: description,
          State: isEnabled ? 'ENABLED' : 'DISABLED',
        }),
      ),
    );
  }

  private async targets(name: string): Promise<readonly Target[]> {
    const page = await this.call('ListTargetsByRule', name, () =>
      this.client.send(new ListTargetsByRuleCommand({ Rule: name })),
    );
    return page.Targets ?? [];
  }

  private async putTarget(name: string, arn: string): Promise<void> {
    await this.call('PutTargets', name, async () => {
      const target = { Id: TARGET_ID, Arn: arn, RetryPolicy: RETRY_POLICY };
      const answer = await this.client.send(new PutTargetsCommand({ Rule: name, Targets: [target] }));
      throwFailedEntry('PutTargets', name, answer.FailedEntries);
    });
  }

  /** Tries again what may pass, throttling above all. */
  private async call<T>(operation: string, rule: string | undefined, send: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await send();
      } catch (cause) {
        const error = toRuleError(operation, rule, cause);
        if (error.fault !== 'transient' || tries === MAX_TRIES) throw error;
        await this.clock.sleep(FIRST_DELAY_MS * 2 ** (tries - 1));
      }
    }
  }
}

function isAsWanted(rule: Rule | undefined, wanted: WantedRule): boolean {
  if (rule === undefined) return false;
  const isEnabled = rule.State !== 'DISABLED';
  return (
    rule.ScheduleExpression === wanted.expression &&
    rule.Description === wanted.description &&
    isEnabled === wanted.isEnabled
  );
}

function hasTarget(targets: readonly Target[], arn: string): boolean {
  return targets.some(
    (target) =>
      target.Id === TARGET_ID &&
      target.Arn === arn &&
      target.RetryPolicy?.MaximumRetryAttempts === RETRY_POLICY.MaximumRetryAttempts &&
      target.RetryPolicy.MaximumEventAgeInSeconds === RETRY_POLICY.MaximumEventAgeInSeconds,
  );
}
