import { createHash } from 'node:crypto';
import { ruleNamePrefix } from '../../model/event-bus-rules';
import type { SchedulerTimings } from '../../model/scheduler-timings';
import { PortError } from '../../ports/errors';
import { planExpressions } from './eventbridge-expressions';
import { wakeUpMinutes } from './eventbridge-wake-up-minutes';

/** A rule as it should be on the default event bus. */
export interface WantedRule {
  readonly name: string;
  readonly expression: string;
  readonly description: string;
  readonly isEnabled: boolean;
}

/** Rules beside those of schedules and sensors: the sweep's and the safety rule. */
const FIXED_RULES = 2;

/**
 * Five minutes after each hour, as most ticks are on the hour: a wake-up that EventBridge lost is made up for soon. It
 * reads the index in S3 only, so that hourly costs next to nothing (730 invocations a month); one that touched Aurora
 * each time would keep it up 7 minutes of every hour, for $5 to $10 a month.
 */
const SAFETY_EXPRESSION = 'cron(5 * * * ? *)';
const SWEEP_EXPRESSION = 'rate(1 minute)';

/**
 * A rule's name: letters, digits and `.` `-` `_`, at most 64.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
 */
const MAX_NAME_LENGTH = 64;

export const sweepRuleName = (instance: string): string => `${ruleNamePrefix(instance)}sweep`;

/** Whether a rule is one of this instance's. */
export function isRuleOf(instance: string, name: string): boolean {
  const prefix = ruleNamePrefix(instance);
  return name.startsWith(prefix) && /^(sweep|safety|tick-[0-9a-f]{8})$/.test(name.slice(prefix.length));
}

/**
 * All rules of an instance, for what is on. A rule of schedules and sensors is named after its expression, so that it
 * never changes: one that is needed no more is removed after those that replace it are there.
 *
 * @param maxRules all of them together
 * @throws {PortError} permanent, for a name or a `maxRules` that cannot be
 */
export function planRules(options: {
  readonly instance: string;
  readonly timings: SchedulerTimings;
  readonly maxRules: number;
  readonly isSweepArmed: boolean;
  readonly now: number;
}): readonly WantedRule[] {
  const { instance, timings, maxRules, isSweepArmed, now } = options;
  if (maxRules <= FIXED_RULES) {
    throw new PortError(
      'permanent',
      `maxRules is ${maxRules}; it has to be at least ${FIXED_RULES + 1}: the sweep's, the safety rule and one for schedules.`,
    );
  }
  const prefix = ruleNamePrefix(instance);
  const ticks = planExpressions(wakeUpMinutes(timings, now), maxRules - FIXED_RULES);
  const rules = [
    ...ticks.map((expression) => ({
      name: `${prefix}tick-${shortHash(expression)}`,
      expression,
      description: `Wakes Headrace instance ${instance} for its schedules and sensors.`,
      isEnabled: true,
    })),
    {
      name: `${prefix}safety`,
      expression: SAFETY_EXPRESSION,
      description: `Makes up for wake-ups of Headrace instance ${instance} that were lost.`,
      isEnabled: true,
    },
    sweepRule(instance, isSweepArmed),
  ];
  for (const { name } of rules) checkName(name);
  return rules;
}

/** The rule of every minute, enabled only while something is live or overdue. */
export function sweepRule(instance: string, isEnabled: boolean): WantedRule {
  return {
    name: sweepRuleName(instance),
    expression: SWEEP_EXPRESSION,
    description: `Repairs what goes wrong while Headrace instance ${instance} has live runs; disabled otherwise.`,
    isEnabled,
  };
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

function checkName(name: string): void {
  if (/^[.\-_A-Za-z0-9]+$/.test(name) && name.length <= MAX_NAME_LENGTH) return;
  throw new PortError(
    'permanent',
    `'${name}' cannot be the name of an EventBridge rule: at most ${MAX_NAME_LENGTH} letters, digits, '.', '-' and '_'. Choose a shorter or plainer instance name.`,
  );
}
