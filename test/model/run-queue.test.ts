import fc from 'fast-check';
import { explainWaiting, type QueueRun, selectRunsToDequeue } from '../../lib/model/run-queue';
import type { RunQueueSettings, TagConcurrencyLimit } from '../../lib/model/run-queue-settings';
import { RUN_STATUSES } from '../../lib/model/run-status';
import { vectors } from './vectors';

type NamedRun = QueueRun & { readonly id: string };

interface Item {
  readonly id: string;
  readonly group: string;
  readonly config: {
    readonly max_concurrent_runs?: number;
    readonly tag_concurrency_limits?: readonly TagConcurrencyLimit[];
  };
  readonly runs: readonly NamedRun[];
  readonly expected: { readonly dequeue: readonly string[] };
}

const items = vectors<readonly Item[]>('queue');
const settingsOf = (config: Item['config']): RunQueueSettings => ({
  maxConcurrentRuns: config.max_concurrent_runs ?? 10,
  tagConcurrencyLimits: config.tag_concurrency_limits ?? [],
});

describe('recorded queues', () => {
  it('are all here', () => {
    expect(items).toHaveLength(18);
  });

  it.each(items)('$id ($group)', (item) => {
    const selected = selectRunsToDequeue(settingsOf(item.config), item.runs);

    expect(selected.map((run) => run.id)).toEqual(item.expected.dequeue);
  });
});

const queued = (tags: Readonly<Record<string, string>> = {}): QueueRun => ({ status: 'QUEUED', tags });
const started = (tags: Readonly<Record<string, string>> = {}): QueueRun => ({ status: 'STARTED', tags });

describe('waiting', () => {
  const limits: RunQueueSettings = {
    maxConcurrentRuns: 2,
    tagConcurrencyLimits: [
      { key: 'team', value: 'a', limit: 2 },
      { key: 'db', limit: 1 },
      { key: 'customer', value: { applyLimitPerUniqueValue: true }, limit: 1 },
    ],
  };

  it('is explained by every limit that is full', () => {
    const live = [
      started({ team: 'a', db: 'x', customer: 'acme' }),
      started({ team: 'a', customer: 'bolt' }),
    ];

    expect(explainWaiting(limits, queued({ team: 'a', db: 'y', customer: 'acme' }), live)).toEqual([
      'waiting: 2 of 2 runs in progress',
      'waiting for tag team=a: 2 of 2',
      'waiting for tag db: 1 of 1',
      'waiting for tag customer=acme: 1 of 1',
    ]);
  });

  it('has no reason when nothing is full', () => {
    expect(explainWaiting(limits, queued({ team: 'a', customer: 'core' }), [started({ team: 'a' })])).toEqual(
      [],
    );
  });

  it('is not caused by runs that are not live', () => {
    const others: QueueRun[] = [queued(), { status: 'SUCCESS', tags: {} }, { status: 'SUSPENDED', tags: {} }];

    expect(explainWaiting(limits, queued(), others)).toEqual([]);
  });
});

const tags = fc.dictionary(
  fc.constantFrom('team', 'db', 'dagster/priority'),
  fc.constantFrom('1', '2', '-1'),
);
const runs = fc.array(fc.record({ status: fc.constantFrom(...RUN_STATUSES), tags }), { maxLength: 25 });
const settings = fc.record({
  maxConcurrentRuns: fc.integer({ min: -1, max: 12 }),
  tagConcurrencyLimits: fc.array(
    fc.record({
      key: fc.constantFrom('team', 'db'),
      value: fc.constantFrom(undefined, '1', { applyLimitPerUniqueValue: true as const }),
      limit: fc.integer({ min: 0, max: 4 }),
    }),
    { maxLength: 3 },
  ),
});

describe('properties of every queue', () => {
  it('what is left waits for a reason, and what is selected would have had none', () => {
    fc.assert(
      fc.property(settings, runs, (config, all) => {
        const selected = new Set(selectRunsToDequeue(config, all));
        const after = all.map((run) => (selected.has(run) ? { ...run, status: 'STARTING' as const } : run));

        for (const run of all.filter(({ status }) => status === 'QUEUED')) {
          if (!selected.has(run)) expect(explainWaiting(config, run, after)).not.toEqual([]);
          else expect(explainWaiting(config, run, all)).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('a queue that was just served has nothing more to start', () => {
    fc.assert(
      fc.property(settings, runs, (config, all) => {
        const selected = new Set(selectRunsToDequeue(config, all));
        const after = all.map((run) => (selected.has(run) ? { ...run, status: 'STARTING' as const } : run));

        expect(selectRunsToDequeue(config, after)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
