import { type FilterKey, type FilterToken, parseFilter, tokenProblem } from '../../components/filter-tokens';
import type { AuditEntriesVariables } from '../../graphql/generated';
import type { AuditEntry } from './describe-audit';

const outcomeOf = { done: 'DONE', refused: 'REFUSED', failed: 'FAILED' } as const;
type OutcomeWord = keyof typeof outcomeOf;
const isOutcome = (value: string | undefined): value is OutcomeWord =>
  value !== undefined && value in outcomeOf;

function problemOf(token: FilterToken): string | undefined {
  if (token.exclude) return `“${token.key}:” cannot exclude.`;
  return token.values.length > 1 ? `“${token.key}:” takes one value.` : undefined;
}

/** The log's filter keys; `entries` give the suggestions. */
export function auditFilterKeys(entries: readonly AuditEntry[]): readonly FilterKey[] {
  const distinct = (values: readonly string[]) => [...new Set(values)].sort().map((value) => ({ value }));
  return [
    { key: 'user', values: distinct(entries.map((entry) => entry.user)), problem: problemOf },
    { key: 'action', values: distinct(entries.map((entry) => entry.action)), problem: problemOf },
    {
      key: 'outcome',
      values: Object.keys(outcomeOf).map((value) => ({ value })),
      problem: (token) =>
        problemOf(token) ??
        (isOutcome(token.values[0]) ? undefined : `Use ${Object.keys(outcomeOf).join(', ')}.`),
    },
  ];
}

/** The API's filter of a filter line; a word without a key is a user. */
export function toAuditFilter(text: string): Pick<AuditEntriesVariables, 'user' | 'action' | 'outcome'> {
  const keys = auditFilterKeys([]);
  const filter: { user?: string; action?: string; outcome?: AuditEntry['outcome'] } = {};
  for (const token of parseFilter(text)) {
    const value = token.values[0];
    if (value === undefined || tokenProblem(token, keys)) continue;
    if (token.key === 'outcome') {
      if (isOutcome(value)) filter.outcome = outcomeOf[value];
    } else if (token.key === 'action') filter.action = value;
    else filter.user = value;
  }
  return filter;
}
