/**
 * EventBridge rules that an instance may have: at least one each for ticks, safety and sweep; at most the quota of an
 * event bus (300; 100 in some regions). The default leaves room for others on the account's default bus.
 */
export const EVENT_BUS_RULES = { least: 3, most: 300, default: 80 } as const;

/** What names of an instance's own rules begin with; those of an instance with a longer name may begin so too. */
export const ruleNamePrefix = (instance: string): string => `${instance}-alarm-`;
