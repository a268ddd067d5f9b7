import type { Status } from '../../components/status';
import type { AuditEntriesResult } from '../../graphql/generated';

export type AuditEntry = Extract<
  AuditEntriesResult['auditEntriesOrError'],
  { readonly __typename: 'AuditEntries' }
>['results'][number];

const outcomes: Readonly<Record<AuditEntry['outcome'], Status>> = {
  DONE: { kind: 'success', word: 'Done' },
  REFUSED: { kind: 'canceled', word: 'Refused' },
  FAILED: { kind: 'failure', word: 'Failed' },
};

export const auditStatus = (outcome: AuditEntry['outcome']): Status => outcomes[outcome];

/** Names under which inputs say what an action is about, the most telling first. */
const subjectKeys = [
  'concurrencyKey',
  'scheduleName',
  'sensorName',
  'repositoryLocationName',
  'partitionsDefName',
  'backfillId',
  'parentRunId',
  'jobName',
  'pipelineName',
  'job',
  'location',
  'runId',
  'name',
  'key',
  'id',
] as const;

/** What an entry is about, as far as its input names it: a pool, a schedule, a run. */
export function auditSubject(input: unknown): string | undefined {
  const values = namedValues(input, 0);
  for (const key of subjectKeys) {
    const found = values.get(key);
    if (typeof found === 'string' && found !== '')
      return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(found) ? found.slice(0, 8) : found;
  }
  const runIds = values.get('runIds');
  if (Array.isArray(runIds)) return `${runIds.length} runs`;
  const keys = assetKeys(input);
  return keys.length > 1 ? `${keys[0]} and ${keys.length - 1} more` : keys[0];
}

/** Asset keys anywhere in an input, which GraphQL writes as `{ path: [...] }`. */
function assetKeys(input: unknown): readonly string[] {
  if (Array.isArray(input)) return input.flatMap(assetKeys);
  if (!isPlain(input)) return [];
  const { path } = input;
  return Array.isArray(path) ? [path.join('/')] : Object.values(input).flatMap(assetKeys);
}

/** Every value of an input under its name; those nearer to the top win. */
function namedValues(input: unknown, depth: number): Map<string, unknown> {
  if (typeof input !== 'object' || input === null || Array.isArray(input) || depth > 4) return new Map();
  const entries = Object.entries(input);
  return new Map([...entries.flatMap(([, value]) => [...namedValues(value, depth + 1)]), ...entries]);
}

/** What an action changed, in a line: `limit 2 → 4`. Undefined when nothing was, or it is not that simple. */
export function auditChange(before: unknown, after: unknown): string | undefined {
  if (!isPlain(before) || !isPlain(after)) return undefined;
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  if (changed.length === 0 || changed.length > 3) return undefined;
  return changed.map((key) => `${shortKey(key)} ${word(before[key])} → ${word(after[key])}`).join(', ');
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shortKey = (key: string): string => (/^[0-9a-f]{8}-/.test(key) ? key.slice(0, 8) : key);

function word(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  return typeof value === 'object' ? '…' : String(value);
}
