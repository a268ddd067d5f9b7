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
import type { Process } from '../core/process';
import { matchesRule } from './rule-expression';
import { noAnswer, serviceError } from './service-error';
import type { Simulation } from './simulation';

const MINUTE = 60_000;

interface StoredRule {
  readonly rule: Rule;
  readonly targets: readonly Target[];
  /** New and changed rules take effect "after a short period of time". */
  readonly effectiveAt: number;
}

/** The default event bus: rules that fire some time within their minutes, and deliver at least once, mostly. */
export class EventBridge {
  private readonly simulation: Simulation;
  private readonly rules = new Map<string, StoredRule>();
  private readonly wakeUp: () => void;

  constructor(simulation: Simulation, wakeUp: () => void) {
    this.simulation = simulation;
    this.wakeUp = wakeUp;
    this.startMinute();
  }

  /** The SDK's client as one process sees it. */
  clientOf(process: Process): EventBridgeClient {
    const send = (command: unknown): Promise<unknown> => {
      const name = (command as object).constructor.name.replace('Command', '');
      const faults = {
        requestLost: 'event-bridge: call failed',
        replyLost: 'event-bridge: call failed',
        error: noAnswer,
        describe: () => 'done',
      } as const;
      const subject = (command as { input: { Name?: string; Rule?: string } }).input;
      return this.simulation.network.call(
        process,
        `events ${name} ${subject.Name ?? subject.Rule ?? ''}`,
        faults,
        () => this.answer(command),
      );
    };
    return { send } as unknown as EventBridgeClient;
  }

  private answer(command: unknown): unknown {
    if (command instanceof ListRulesCommand) {
      const prefix = command.input.NamePrefix ?? '';
      return {
        Rules: [...this.rules.values()]
          .map(({ rule }) => rule)
          .filter(({ Name }) => Name?.startsWith(prefix)),
      };
    }
    if (command instanceof PutRuleCommand) {
      const { Name = '', ScheduleExpression, Description, State } = command.input;
      this.store(Name, { Name, ScheduleExpression, Description, State }, this.rules.get(Name)?.targets ?? []);
      return {};
    }
    if (command instanceof ListTargetsByRuleCommand)
      return { Targets: this.known(command.input.Rule).targets };
    if (command instanceof PutTargetsCommand) {
      const { rule } = this.known(command.input.Rule);
      this.store(rule.Name ?? '', rule, command.input.Targets ?? []);
      return { FailedEntries: [] };
    }
    if (command instanceof RemoveTargetsCommand) {
      const { rule } = this.known(command.input.Rule);
      this.store(rule.Name ?? '', rule, []);
      return { FailedEntries: [] };
    }
    if (command instanceof DisableRuleCommand) {
      const { rule, targets } = this.known(command.input.Name);
      this.store(rule.Name ?? '', { ...rule, State: 'DISABLED' }, targets);
      return {};
    }
    if (command instanceof DeleteRuleCommand) {
      this.rules.delete(command.input.Name ?? '');
      return {};
    }
    throw new Error(`EventBridge is not simulated for ${(command as object).constructor.name}`);
  }

  private known(name = ''): StoredRule {
    const stored = this.rules.get(name);
    if (stored === undefined)
      throw serviceError('ResourceNotFoundException', `Rule ${name} does not exist.`, 400);
    return stored;
  }

  private store(name: string, rule: Rule, targets: readonly Target[]): void {
    const { timeline, faults, random } = this.simulation;
    const isLate = faults.strikes('event-bridge: rule takes effect late');
    const effectiveAt = timeline.now + (isLate ? random.between(0, 2 * MINUTE) : 0);
    this.rules.set(name, { rule, targets, effectiveAt });
  }

  private startMinute(): void {
    const { timeline } = this.simulation;
    const minute = Math.ceil((timeline.now + 1) / MINUTE) * MINUTE;
    timeline.after(minute - timeline.now, () => {
      for (const { rule, targets, effectiveAt } of this.rules.values()) {
        const isOn = rule.State !== 'DISABLED' && targets.length > 0 && effectiveAt <= minute;
        if (isOn && matchesRule(rule.ScheduleExpression ?? '', minute)) this.fire(rule.Name ?? '');
      }
      this.startMinute();
    });
  }

  private fire(name: string): void {
    const { timeline, faults, random, trace } = this.simulation;
    if (faults.strikes('event-bridge: wake-up lost')) {
      trace.add(timeline.now, `event-bridge ${name} LOST`);
      return;
    }
    const times = faults.strikes('event-bridge: wake-up twice') ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      const isLate = faults.strikes('event-bridge: wake-up late');
      timeline.after(isLate ? random.between(MINUTE, 4 * MINUTE) : random.between(0, 20_000), () => {
        trace.add(timeline.now, `event-bridge ${name} fires`);
        this.wakeUp();
      });
    }
  }
}
