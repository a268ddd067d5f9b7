import type { Rule } from '@aws-sdk/client-eventbridge';
import type { WantedRule } from './eventbridge-rule';
import type { EventBridgeRules } from './eventbridge-rules';

export interface RulesReconciled {
  /** Names of rules that were made or changed. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Makes the instance's rules what they should be; what is right already is not touched. New rules come first, so that
 * no minute is without its wake-up in between.
 *
 * @param options `known`: the rules as they were just listed
 */
export async function reconcileRules(
  rules: EventBridgeRules,
  options: {
    readonly known: ReadonlyMap<string, Rule>;
    readonly wanted: readonly WantedRule[];
    readonly targetArn: string;
  },
): Promise<RulesReconciled> {
  const { known, wanted, targetArn } = options;
  const changed: string[] = [];
  for (const rule of wanted) {
    if (await rules.ensure(rule, targetArn, known.get(rule.name))) changed.push(rule.name);
  }
  const names = new Set(wanted.map(({ name }) => name));
  const removed = [...known.keys()].filter((name) => !names.has(name));
  for (const name of removed) await rules.remove(name);
  return { changed, removed };
}

/** Removes every rule of the instance. @returns their names */
export async function removeRules(rules: EventBridgeRules): Promise<readonly string[]> {
  const names = [...(await rules.list()).keys()];
  for (const name of names) await rules.remove(name);
  return names;
}
