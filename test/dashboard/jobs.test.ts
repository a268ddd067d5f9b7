import { filterJobs, type JobRow, jobFilterKeys } from '../../dashboard/src/features/jobs/job-filter';
import {
  type GraphOp,
  nestedGraphs,
  opBoxes,
  stepStatuses,
} from '../../dashboard/src/features/jobs/op-boxes';
import { retryText } from '../../dashboard/src/features/jobs/retry-text';
import { stepMatrix } from '../../dashboard/src/features/jobs/step-matrix';
import { lineageBoxes } from '../../dashboard/src/features/lineage/lineage-graph';

const op = (name: string, from: readonly string[] = [], more: Partial<GraphOp> = {}): GraphOp => ({
  name,
  isDynamicMapped: false,
  definition: { name: name.split('.').at(-1) ?? name },
  inputs: from.map((each) => ({ isDynamicCollect: false, dependsOn: [{ solid: { name: each } }] })),
  outputs: [{ definition: { isDynamic: false } }],
  ...more,
});
const ops = [
  op('load'),
  op('clean.parse', ['load']),
  op('clean.fix.types', ['clean.parse']),
  op('clean.fix.names', ['clean.parse']),
  op('report', ['clean.fix.types', 'clean.fix.names']),
];

describe('the graph of a job of ops', () => {
  const boxes = (open: readonly string[]) =>
    lineageBoxes(
      opBoxes(ops, (graph) => graph === '' || open.includes(graph), new Map()),
      (group) => group === '' || open.includes(group),
      'op',
    ).boxes.map(({ title, count, isGroup }) => (isGroup ? `${title}: ${count}` : title));

  it('knows the graphs in it, outer ones first', () => {
    expect(nestedGraphs(ops)).toEqual(['clean', 'clean.fix']);
  });

  it('puts a closed graph into one box, whatever is in it, and opens it level by level', () => {
    expect(boxes([])).toEqual(['load', 'report', 'clean: 3 ops']);
    expect(boxes(['clean'])).toEqual(['load', 'report', 'parse', 'clean.fix: 2 ops']);
    expect(boxes(['clean', 'clean.fix'])).toEqual(['load', 'report', 'parse', 'names', 'types']);
  });

  it('says of an op how its last step ended, and of a mapped one the worst of its copies', () => {
    const statuses = stepStatuses([
      { stepKey: 'load', status: 'SUCCESS' },
      { stepKey: 'report[a]', status: 'SUCCESS' },
      { stepKey: 'report[b]', status: 'FAILURE' },
    ]);
    const found = opBoxes(ops, () => true, statuses);

    expect(found.map(({ key, status, detail }) => `${key} ${status} ${detail}`)).toEqual([
      'load success succeeded',
      'clean.parse none not run',
      'clean.fix.types none not run',
      'clean.fix.names none not run',
      'report failure failed',
    ]);
  });

  it('marks what makes, follows and collects keys, and names the definition where it differs', () => {
    const dynamic = [
      op('list', [], { outputs: [{ definition: { isDynamic: true } }] }),
      op('each', ['list'], { isDynamicMapped: true, definition: { name: 'load_table' } }),
      op('all', [], { inputs: [{ isDynamicCollect: true, dependsOn: [{ solid: { name: 'each' } }] }] }),
    ];

    expect(opBoxes(dynamic, () => true, new Map()).map(({ kinds, detail }) => [...kinds, detail])).toEqual([
      ['dynamic', 'not run'],
      ['per key', 'load_table'],
      ['collects', 'not run'],
    ]);
  });
});

describe('a retry policy', () => {
  it('reads as a sentence', () => {
    const policy = { maxRetries: 3, delaySeconds: 10, backoff: null, jitter: null };

    expect(retryText(null)).toBe('none');
    expect(retryText({ ...policy, maxRetries: 1, delaySeconds: 0 })).toBe('up to 1 time, at once');
    expect(retryText({ ...policy, backoff: 'EXPONENTIAL', jitter: 'PLUS_MINUS' })).toBe(
      'up to 3 times, after 10 s, each wait about twice as long, give or take some of it',
    );
  });
});

describe('the filter of jobs', () => {
  const job = (name: string, more: object) =>
    ({
      id: name,
      locationName: 'shop',
      repositoryName: '__repository__',
      job: {
        name,
        description: null,
        isAssetJob: false,
        tags: [],
        schedules: [],
        sensors: [],
        runs: [],
        ...more,
      },
    }) as unknown as JobRow;
  const rows = [
    job('ingest_orders', { isAssetJob: true, runs: [{ status: 'FAILURE' }, { status: 'SUCCESS' }] }),
    job('ingest_users', { tags: [{ key: 'team', value: 'data' }], schedules: [{ name: 'nightly' }] }),
    job('clean_up', { description: 'Drops what nobody orders any more', sensors: [{ name: 'on_full' }] }),
  ];
  const shown = (text: string) => filterJobs(rows, text).map((row) => row.job.name);

  it('looks at name, kind, last run, tags and what starts a job; a word at name and description', () => {
    expect(shown('')).toHaveLength(3);
    expect(shown('name:ingest_*')).toEqual(['ingest_orders', 'ingest_users']);
    expect(shown('kind:asset')).toEqual(['ingest_orders']);
    expect(shown('status:failed')).toEqual(['ingest_orders']);
    expect(shown('status:never -tag:team=data')).toEqual(['clean_up']);
    expect(shown('schedule:night')).toEqual(['ingest_users']);
    expect(shown('sensor:on_full,on_empty')).toEqual(['clean_up']);
    expect(shown('orders')).toEqual(['ingest_orders', 'clean_up']);
    expect(shown('location:sho')).toEqual([]);
  });

  it('offers the values that there are, most used first', () => {
    const kinds = jobFilterKeys(rows).find(({ key }) => key === 'kind');

    expect(kinds?.values).toEqual([
      { value: 'op', detail: '2' },
      { value: 'asset', detail: '1' },
    ]);
  });
});

describe('the steps of a job by partition', () => {
  const run = (runId: string, partition: string | undefined, steps: Record<string, string>) => ({
    runId,
    tags: partition === undefined ? [] : [{ key: 'dagster/partition', value: partition }],
    stepStats: Object.entries(steps).map(([stepKey, status]) => ({ stepKey, status })),
  });

  it('are those of the last run that took each; a run of some steps leaves the others', () => {
    const runs = [
      run('new', 'b', { load: 'SUCCESS' }),
      run('whole', undefined, { load: 'FAILURE' }),
      run('old', 'b', { load: 'FAILURE', 'clean[x]': 'SUCCESS', 'clean[y]': 'FAILURE' }),
      run('first', 'a', { load: 'SUCCESS' }),
    ];
    const { partitions, rows } = stepMatrix(['load', 'clean'], ['a', 'b', 'c'], runs, 10);

    expect(partitions).toEqual(['a', 'b']);
    expect(rows).toEqual([
      {
        step: 'load',
        cells: [
          { kind: 'success', runId: 'first' },
          { kind: 'success', runId: 'new' },
        ],
      },
      { step: 'clean', cells: [undefined, { kind: 'failure', runId: 'old' }] },
    ]);
    expect(stepMatrix(['load'], ['a', 'b', 'c'], runs, 1).partitions).toEqual(['b']);
  });
});
