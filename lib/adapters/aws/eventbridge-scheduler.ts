import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { EVENT_BUS_RULES } from '../../model/event-bus-rules';
import type { SchedulerTimings } from '../../model/scheduler-timings';
import type { Clock } from '../../ports/clock';
import type { ObjectStore } from '../../ports/object-store';
import type { Scheduler } from '../../ports/scheduler';
import {
  type AlarmIndex,
  RULE_PRECISION_MS,
  type StoredAlarm,
  type StoredTimings,
} from './eventbridge-alarm-index';
import { reconcileRules, removeRules } from './eventbridge-reconcile-rules';
import { planRules, sweepRule, sweepRuleName } from './eventbridge-rule';
import { EventBridgeRules } from './eventbridge-rules';

export interface EventBridgeSchedulerOptions {
  readonly client: EventBridgeClient;
  readonly objectStore: ObjectStore;
  readonly clock: Clock;
  /** Name of the deployment; its rules are named after it. */
  readonly instance: string;
  /** ARN of the function that answers wake-ups. */
  readonly wakeUpArn: string;
  /** Default 80. */
  readonly maxRules?: number | undefined;
  /** Has the function answer a wake-up at once; only functions that may ask for one are allowed to call it. */
  readonly wakeUpNow?: (() => Promise<void>) | undefined;
}

const KEYS = {
  timings: 'alarms/timings.json',
  alarm: 'alarms/alarm.json',
  sweep: 'alarms/sweep.json',
} as const;

/** Whether the sweep's rule is enabled, so that EventBridge need not be asked after each commit. */
interface StoredSweep {
  readonly isArmed: boolean;
  /** Epoch ms. */
  readonly since: number;
}

/**
 * The sweep's rule stays enabled at least so long, in milliseconds. AWS says of new and changed rules only that they
 * take effect after "a short period of time"; until then each minute is looked at.
 */
const MIN_ARMED_MS = 5 * 60_000;

/** A wake-up takes seconds; a minute of looks leaves the stack's own time-out room. */
const REMOVAL = { quietLooks: 2, lookEveryMs: 5_000, mostLooks: 12 };

/**
 * Alarms by EventBridge rules, for functions that run only when called. Rules stand for whatever is on, and a rule of
 * every minute for what has no time of its own; the alarm itself is an object in S3, by which a wake-up can tell
 * whether it is time.
 */
export class EventBridgeScheduler implements Scheduler {
  readonly precisionMs = RULE_PRECISION_MS;
  private readonly options: EventBridgeSchedulerOptions;
  private readonly rules: EventBridgeRules;

  constructor(options: EventBridgeSchedulerOptions) {
    this.options = options;
    this.rules = new EventBridgeRules(options);
  }

  async setAlarm(at: number | null, sweepAt: number | null = at): Promise<void> {
    const alarm: StoredAlarm = { at, sweepAt, setAt: this.options.clock.now() };
    await this.write(KEYS.alarm, alarm);
    if (sweepAt !== null) await this.armSweep();
    // Where that fails, the rule of every minute makes up for it.
    if (at !== null && at <= alarm.setAt) await this.options.wakeUpNow?.().catch(() => {});
  }

  async setTimings(timings: SchedulerTimings): Promise<void> {
    const { clock, instance, wakeUpArn, maxRules = EVENT_BUS_RULES.default } = this.options;
    const now = clock.now();
    const sweep = await this.read<StoredSweep>(KEYS.sweep);
    const known = await this.rules.list();
    // Never disabled here: somebody may just have enabled it and not written so yet.
    const isSweepArmed = sweep?.isArmed === true || known.get(sweepRuleName(instance))?.State === 'ENABLED';
    const wanted = planRules({ instance, timings, maxRules, isSweepArmed, now });
    const { changed } = await reconcileRules(this.rules, { known, wanted, targetArn: wakeUpArn });
    const stored: StoredTimings = {
      reconciledAt: now,
      schedules: timings.schedules.map(({ cron, timezone }) => ({ cron, timezone })),
      sensors: timings.sensors.map(({ minimumIntervalSeconds }) => ({ minimumIntervalSeconds })),
    };
    await this.write(KEYS.timings, stored);
    if (changed.length > 0) await this.armSweep();
  }

  /** What a wake-up decides by. */
  async readIndex(): Promise<AlarmIndex> {
    const [timings, alarm] = await Promise.all([
      this.read<StoredTimings>(KEYS.timings),
      this.read<StoredAlarm>(KEYS.alarm),
    ]);
    return { timings, alarm };
  }

  /**
   * Disables the rule of every minute when nothing needs it; to be called by a wake-up that finds nothing due. Safe
   * against a `setAlarm` at the same time: that one writes its alarm before it looks whether the rule is enabled, and
   * this one looks for an alarm after it has said and done that the rule is disabled.
   */
  async disarmIdleSweep(): Promise<void> {
    const { clock, instance } = this.options;
    const sweep = await this.read<StoredSweep>(KEYS.sweep);
    if (sweep?.isArmed !== true || clock.now() - sweep.since < MIN_ARMED_MS) return;
    if (await this.isSweepWanted()) return;
    const disarmed: StoredSweep = { isArmed: false, since: clock.now() };
    await this.write(KEYS.sweep, disarmed);
    await this.rules.disable(sweepRuleName(instance));
    if (await this.isSweepWanted()) await this.enableSweep();
  }

  /**
   * Removes the instance's rules and index: when it is destroyed, as CloudFormation knows none of them. A wake-up that is
   * under way meanwhile may make a rule anew, so it looks again until there has been none for a while. Repeatable.
   */
  async removeAll(): Promise<void> {
    for (let looks = 1, quiet = 0; looks <= REMOVAL.mostLooks; looks += 1) {
      const removed = await removeRules(this.rules);
      quiet = removed.length === 0 ? quiet + 1 : 0;
      if (quiet === REMOVAL.quietLooks) break;
      await this.options.clock.sleep(REMOVAL.lookEveryMs);
    }
    await this.options.objectStore.delete(Object.values(KEYS));
  }

  private async isSweepWanted(): Promise<boolean> {
    const alarm = await this.read<StoredAlarm>(KEYS.alarm);
    return alarm !== undefined && alarm.sweepAt !== null;
  }

  private async armSweep(): Promise<void> {
    const sweep = await this.read<StoredSweep>(KEYS.sweep);
    if (sweep?.isArmed !== true) await this.enableSweep();
  }

  private async enableSweep(): Promise<void> {
    const { clock, instance, wakeUpArn } = this.options;
    await this.rules.ensure(sweepRule(instance, true), wakeUpArn, undefined);
    const armed: StoredSweep = { isArmed: true, since: clock.now() };
    await this.write(KEYS.sweep, armed);
  }

  private async read<T>(key: string): Promise<T | undefined> {
    const body = await this.options.objectStore.get(key);
    return body === undefined ? undefined : (JSON.parse(new TextDecoder().decode(body)) as T);
  }

  private async write(key: string, value: StoredTimings | StoredAlarm | StoredSweep): Promise<void> {
    await this.options.objectStore.put(key, new TextEncoder().encode(JSON.stringify(value)));
  }
}
