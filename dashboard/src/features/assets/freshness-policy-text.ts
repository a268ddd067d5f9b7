import { cronWords } from '../../components/format/cron-words';
import { formatSpan } from '../../components/format/duration';
import type { Node } from './asset-types';

/** How fresh the policy wants the asset to be, in words. */
export function freshnessPolicyText(policy: Node['internalFreshnessPolicy']): string | undefined {
  if (!policy) return undefined;
  if (policy.__typename === 'TimeWindowFreshnessPolicy')
    return `at most ${formatSpan(policy.failWindowSeconds * 1_000)} old`;
  const words = cronWords(policy.deadlineCron) ?? policy.deadlineCron;
  return `due ${words.charAt(0).toLowerCase()}${words.slice(1)}, ${policy.timezone}`;
}
