import { parse } from 'yaml';
import { cellsBetween, partitionGrid, partitionSpans } from '../../dashboard/src/components/partition-grid';
import { jobPartitionCells } from '../../dashboard/src/features/jobs/job-partition-cells';
import { successRate } from '../../dashboard/src/features/jobs/success-rate';
import {
  applySuggestion,
  findRange,
  readConfig,
  setConfig,
} from '../../dashboard/src/features/launchpad/config-document';
import { findProblems } from '../../dashboard/src/features/launchpad/config-problems';
import {
  missingValues,
  openDefaults,
  removeKeys,
  setValues,
  unknownKeys,
} from '../../dashboard/src/features/launchpad/config-repairs';
import { configGroups, schemaAt } from '../../dashboard/src/features/launchpad/config-schema';
import {
  selectionOfKeys,
  selectJobAssets,
  selectJobOps,
} from '../../dashboard/src/features/launchpad/launch-selection';
import {
  addSession,
  closeSession,
  duplicateSession,
  freeId,
  patchDraft,
  readSessions,
  renameSession,
  reopenSession,
} from '../../dashboard/src/features/launchpad/launch-sessions';
import { launchWait } from '../../dashboard/src/features/launchpad/launch-wait';
import {
  choosePartitions,
  crossPartitions,
  dimensionNames,
  readPartitions,
  splitDimensions,
  writePartitions,
} from '../../dashboard/src/features/launchpad/partition-choice';
import { completeYaml } from '../../dashboard/src/features/launchpad/yaml-completion';
import { describeKey } from '../../dashboard/src/features/launchpad/yaml-hover';
import { fixtureConfigSchema as schema } from '../support/dashboard-fixture-data';

const path = (name: string) => ['ops', 'raw/github_issues', 'config', name];
const withConfig = (config: Record<string, unknown>) => ({ ops: { 'raw/github_issues': { config } } });

describe('the form of a configuration', () => {
  it('has a group for every op and resource with config, and one for how the run executes', () => {
    const groups = configGroups(schema);

    expect(groups.map((group) => `${group.title}, ${group.detail}`)).toEqual([
      'raw/github_issues, op config',
      'raw/github_comments, op config',
      'snowflake, resource',
      'execution, this run',
    ]);
    expect(groups[0]?.fields.map((field) => `${field.label}: ${field.kind}`)).toEqual([
      'repositories: list',
      'since: text',
      'page_size: number',
      'mode: choice',
      'include_bots: switch',
    ]);
    expect(groups[1]?.fields[0]?.hint).toBe('1000 … 200000 · default 50000');
  });

  it('shows the fields of an object in an object beside the others, and what null may replace as itself', () => {
    const window = {
      type: 'object',
      properties: { start: { type: 'string' }, days: { anyOf: [{ type: 'integer' }, { type: 'null' }] } },
      required: ['start'],
    };
    const entry = { type: 'object', properties: { config: { type: 'object', properties: { window } } } };
    const [group] = configGroups({ properties: { ops: { properties: { load: entry } } } });

    expect(group?.fields.map(({ label, kind, required }) => [label, kind, required])).toEqual([
      ['window.start', 'text', true],
      ['window.days', 'number', false],
    ]);
  });
});

describe('problems of a configuration', () => {
  it('name the limit, the options and the type, each with a value that would do', () => {
    const problems = findProblems(
      schema,
      withConfig({ page_size: 500, mode: 'incrementl', include_bots: 'yes', repositories: ['a', 3] }),
    );

    expect(problems).toEqual([
      { path: path('page_size'), message: 'At most 100', suggestion: 100 },
      {
        path: path('mode'),
        message: 'Not one of incremental, full, backfill',
        suggestion: 'incremental',
      },
      { path: path('include_bots'), message: 'Must be true or false' },
      { path: [...path('repositories'), 1], message: 'Must be a text', suggestion: '3' },
    ]);
  });

  it('propose the key that was meant, and none for a key that is like no other', () => {
    const problems = findProblems(schema, withConfig({ pagesize: 5, colour: 'red' }));

    expect(problems.map(({ rename }) => rename)).toEqual(['page_size', undefined]);
  });

  it('lead to what is required, however deep, and take an empty object for nothing given', () => {
    const required = {
      type: 'object',
      required: ['ops'],
      properties: {
        ops: {
          type: 'object',
          required: ['load'],
          properties: {
            load: { type: 'object', required: ['path'], properties: { path: { type: 'string' } } },
          },
        },
      },
    };

    expect(findProblems(required, {})).toEqual([{ path: ['ops', 'load', 'path'], message: 'Required' }]);
    expect(findProblems(schema, parse('ops:\n  raw/github_issues:\n    config:\n'))).toEqual([]);
  });

  it('of alternatives are those of the one that fits best', () => {
    const either = {
      anyOf: [{ type: 'string' }, { type: 'object', properties: { env: { type: 'string' } } }],
    };

    expect(findProblems(either, { env: 'KEY' })).toEqual([]);
    expect(findProblems(either, 5)).toHaveLength(1);
  });
});

describe('the YAML of a configuration', () => {
  const text = '# why\nops:\n  raw/github_issues:\n    config:\n      page_size: 500 # more\n';

  it('changes in one place and keeps its comments', () => {
    expect(setConfig(text, path('page_size'), 100)).toBe(text.replace('500', '100'));
    expect(setConfig('{}\n', path('page_size'), 7)).toBe(
      'ops:\n  raw/github_issues:\n    config:\n      page_size: 7\n',
    );
    expect(setConfig('ops:\n', path('mode'), 'full')).toBe(
      'ops:\n  raw/github_issues:\n    config:\n      mode: full\n',
    );
  });

  it('loses the objects that are empty without the value that is taken out', () => {
    expect(readConfig(setConfig(text, path('page_size'), undefined)).value).toEqual({});
  });

  it('takes over a proposal', () => {
    const problem = { path: path('page_size'), message: '', rename: 'batch' };

    expect(applySuggestion(text, problem)).toBe(text.replace('page_size', 'batch'));
  });

  it('is filled with the defaults that it leaves open', () => {
    const open = openDefaults(schema, readConfig(text).value);
    const { value } = readConfig(setValues(text, open));

    expect(value).toMatchObject({
      ops: {
        'raw/github_issues': { config: { page_size: 500, mode: 'incremental', include_bots: false } },
        'raw/github_comments': { config: { batch_rows: 50_000 } },
      },
      resources: { snowflake: { config: { warehouse: 'INGEST_S' } } },
    });
    expect(openDefaults(schema, value)).toEqual([]);
  });

  it('is given what the schema requires, as little as its type allows', () => {
    const required = {
      type: 'object',
      required: ['ops', 'name'],
      properties: {
        name: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        ops: {
          type: 'object',
          required: ['load'],
          properties: {
            load: {
              type: 'object',
              required: ['path', 'size', 'mode', 'deep', 'columns'],
              properties: {
                path: { type: 'string' },
                size: { type: 'integer', minimum: 5 },
                mode: { enum: ['full', 'part'] },
                deep: { type: 'boolean' },
                columns: { type: 'array', items: { type: 'string' } },
                since: { type: 'string' },
              },
            },
          },
        },
      },
    };
    const begun = '# mine\nops:\n  load:\n    size: 9\n';

    const { value } = readConfig(setValues(begun, missingValues(required, readConfig(begun).value)));

    expect(value).toEqual({
      name: '',
      ops: { load: { size: 9, path: '', mode: 'full', deep: false, columns: [] } },
    });
    expect(missingValues(required, value)).toEqual([]);
    expect(missingValues(required, {})).toHaveLength(2);
  });

  it('loses the keys that the schema does not know, and keeps the rest with its comments', () => {
    const stray = `${text}      colour: red\nloggers: {}\n`;
    const unknown = unknownKeys(schema, readConfig(stray).value);

    expect(unknown).toEqual([path('colour'), ['loggers']]);
    expect(removeKeys(stray, unknown)).toBe(text);
  });

  it('says of a key under the pointer what the schema says of it', () => {
    const at = (content: string) => {
      const offset = content.indexOf('▮');
      return describeKey(content.replace('▮', ''), offset, schema);
    };

    expect(at('ops:\n  raw/github_issues:\n    config:\n      page▮_size: 5\n')).toMatchObject({
      key: 'page_size',
      facts: ['integer', '1 … 100', 'default 100'],
    });
    expect(at('ops:\n  raw/github_comments:\n    config:\n      on_schema▮_change: fail\n')).toMatchObject({
      facts: ['string', 'one of append_columns, fail, ignore', 'default append_columns'],
      description: 'What to do when the API returns a column that the table lacks.',
    });
    expect(at('ops:\n  raw/github_issues:\n    config:\n      page_size: 5▮5\n')).toBeUndefined();
    expect(at('lo▮ggers: {}\n')).toBeUndefined();
  });

  it('tells where a value stands, or the key that lacks it', () => {
    const slice = ([from, to]: readonly [number, number]) => text.slice(from, to);

    expect(slice(findRange(text, path('page_size')))).toBe('500');
    expect(slice(findRange(text, path('mode')))).toBe('config');
  });

  it('says why it cannot be read', () => {
    expect(readConfig('ops: [').problem).toMatch(/Flow sequence/);
    expect(readConfig('- a\n').problem).toBe('The configuration must be an object');
  });
});

describe('autocomplete', () => {
  const at = (text: string) => {
    const offset = text.indexOf('▮');
    return completeYaml(text.replace('▮', ''), offset, schema);
  };
  const labels = (text: string) => at(text)?.options.map((option) => option.label);

  it('offers the keys that are not there yet, at any depth', () => {
    expect(labels('▮')).toEqual(['ops', 'resources', 'execution']);
    expect(labels('ops:\n  ▮')).toEqual(['raw/github_issues', 'raw/github_comments']);
    expect(
      labels('ops:\n  raw/github_issues:\n    config:\n      since: x\n      ▮\n      mode: full\n'),
    ).toEqual(['repositories', 'page_size', 'include_bots']);
  });

  it('offers values behind a key and says which is the default', () => {
    const found = at('ops:\n  raw/github_comments:\n    config:\n      on_schema_change: app▮');

    expect(found?.from).toBe('ops:\n  raw/github_comments:\n    config:\n      on_schema_change: '.length);
    expect(found?.options.map(({ label, detail }) => `${label} ${detail}`.trim())).toEqual([
      'append_columns default',
      'fail',
      'ignore',
    ]);
    expect(labels('ops:\n  raw/github_issues:\n    config:\n      include_bots: ▮')).toEqual([
      'true',
      'false',
    ]);
  });

  it('offers nothing in a comment or under what the schema does not know', () => {
    expect(at('# ops: ▮')).toBeUndefined();
    expect(at('nothing:\n  ▮')).toBeUndefined();
  });

  it('writes an object as a key with an indented line below', () => {
    expect(at('ops:\n  ▮')?.options[0]?.apply).toBe('raw/github_issues:\n    ');
    expect(schemaAt(schema, ['ops', 'raw/github_issues', 'config', 'repositories', 0])).toEqual({
      type: 'string',
    });
  });
});

describe('the choice of partitions', () => {
  const keys = ['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23'];

  it('reads keys, ranges, the latest, the last few and all', () => {
    const read = (text: string) => readPartitions(text, keys).keys;

    expect(read('2026-11-23, 2026-11-20')).toEqual(['2026-11-20', '2026-11-23']);
    expect(read('2026-11-21..2026-11-23')).toEqual(keys.slice(1));
    expect(read('latest')).toEqual(['2026-11-23']);
    expect(read('last 2')).toEqual(keys.slice(2));
    expect(read('all')).toEqual(keys);
  });

  it('says what is wrong with it', () => {
    const problem = (text: string) => readPartitions(text, keys).problem;

    expect(problem('')).toBe('Choose a partition');
    expect(problem('2026-11-24')).toBe('There is no partition “2026-11-24”');
    expect(problem('2026-11-23..2026-11-20')).toMatch(/ends before it begins/);
  });

  it('writes keys so that they read back, neighbours as a range', () => {
    const text = writePartitions(['2026-11-20', '2026-11-21', '2026-11-22'], keys);

    expect(text).toBe('2026-11-20..2026-11-22');
    expect(readPartitions(text, keys).keys).toEqual(keys.slice(0, 3));
    expect(writePartitions(['2026-11-20', '2026-11-23'], keys)).toBe('2026-11-20, 2026-11-23');
  });

  it('crosses two dimensions', () => {
    const pairs = keys.flatMap((day) => ['eu', 'us'].map((region) => `${day}|${region}`));
    const [days, regions] = splitDimensions(pairs);

    const chosen = crossPartitions(readPartitions('last 2', days), readPartitions('eu', regions), pairs);

    expect(chosen.keys).toEqual(['2026-11-22|eu', '2026-11-23|eu']);
  });

  it('stands in a field for each dimension, or in one where whole keys are chosen', () => {
    const pairs = keys.flatMap((day) => ['eu', 'us'].map((region) => `${day}|${region}`));

    const apart = choosePartitions('latest', 'us', pairs, splitDimensions(pairs));
    expect(apart.both.keys).toEqual(['2026-11-23|us']);
    expect(apart.second?.keys).toEqual(['us']);
    expect(choosePartitions('2026-11-20|eu', 'us', pairs, splitDimensions(pairs))).toMatchObject({
      second: undefined,
      both: { keys: ['2026-11-20|eu'] },
    });
  });

  it('names the dimensions in the order of the keys’ parts, also where two have the same key', () => {
    const tags = (values: Record<string, string>) =>
      Object.entries(values).map(([key, value]) => ({ key: `dagster/partition${key}`, value }));

    expect(dimensionNames('2026|eu', tags({ '': '2026|eu', '/region': 'eu', '/day': '2026' }))).toEqual([
      'day',
      'region',
    ]);
    expect(dimensionNames('a|a', tags({ '/x': 'a', '/y': 'a' }))).toEqual(['x', 'y']);
    expect(dimensionNames('2026', tags({ '': '2026' }))).toEqual([]);
  });
});

describe('the map of partitions', () => {
  const cells = ['a|x', 'a|y', 'b|x', 'b|y', 'c|x', 'c|y'].map((key, index) => ({
    key,
    kind: index < 2 ? ('success' as const) : ('missing' as const),
  }));

  it('puts the longer of two dimensions across', () => {
    const { axis, lines } = partitionGrid(cells);

    expect(axis).toEqual(['a', 'b', 'c']);
    expect(lines.map((line) => line.label)).toEqual(['x', 'y']);
    expect(lines[1]?.cells.map((cell) => cell.key)).toEqual(['a|y', 'b|y', 'c|y']);
  });

  it('selects a rectangle of two dimensions, and a run of cells of one', () => {
    expect(cellsBetween(partitionGrid(cells), [1, 1], [0, 0]).map((cell) => cell.key)).toEqual([
      'a|x',
      'b|x',
      'a|y',
      'b|y',
    ]);
    const days = Array.from({ length: 40 }, (_, index) => ({ key: `k${index}`, kind: 'missing' as const }));
    expect(cellsBetween(partitionGrid(days), [0, 29], [1, 1]).map((cell) => cell.key)).toEqual([
      'k29',
      'k30',
      'k31',
      'k32',
    ]);
  });

  it('is said in words as spans of one status', () => {
    expect(partitionSpans(cells)).toEqual([
      { from: 'a|x', to: 'a|y', kind: 'success', count: 2 },
      { from: 'b|x', to: 'c|y', kind: 'missing', count: 4 },
    ]);
  });
});

describe('a job', () => {
  it('succeeds as often as its finished runs did; what was canceled or still runs says nothing', () => {
    const runs = ['SUCCESS', 'SUCCESS', 'FAILURE', 'CANCELED', 'STARTED', 'SUCCESS'].map((status) => ({
      status,
    }));

    expect(successRate(runs)).toEqual({ share: 0.75, finished: 4 });
    expect(successRate([{ status: 'CANCELED' }])).toBeUndefined();
  });

  it('has partitions with the status of their last run', () => {
    const run = (status: string, partition: string) => ({
      status,
      tags: [{ key: 'dagster/partition', value: partition }],
    });
    const cells = jobPartitionCells(
      ['d', 'c', 'b', 'a'],
      [
        run('STARTED', 'd'),
        run('CANCELED', 'c'),
        run('SUCCESS', 'c'),
        run('FAILURE', 'b'),
        run('SUCCESS', 'b'),
      ],
    );

    expect(cells.map(({ key, kind }) => `${key} ${kind}`)).toEqual([
      'a missing',
      'b failure',
      'c success',
      'd running',
    ]);
  });
});

describe('a launch', () => {
  const ops = [
    { key: 'load', deps: [] },
    { key: 'clean', deps: ['load'] },
    { key: 'report', deps: ['clean'] },
  ];
  const limits = { active: 0, queued: 0, maxConcurrentRuns: 10, pools: [] };

  it('takes the ops that terms name, with what is around them', () => {
    expect(selectJobOps('*report', ops)).toEqual({ keys: ['*report'], count: 3, problem: undefined });
    expect(selectJobOps('+report', ops).count).toBe(2);
    expect(selectJobOps('load+ report', ops).count).toBe(3);
    expect(selectJobOps('lod', ops).problem).toMatch(/lod.*Did you mean 'load'/);
    expect(selectJobOps('', ops)).toEqual({ keys: null, count: 3, problem: undefined });
  });

  it('takes the assets that a selection names', () => {
    const assets = ops.map((op) => ({
      ...op,
      group: op.key === 'load' ? 'raw' : 'marts',
      kinds: [],
      owners: [],
      tags: {},
      external: false,
    }));

    expect(selectJobAssets('1+report', assets).keys).toEqual(['clean', 'report']);
    expect(selectJobAssets('group:marts and not clean', assets)).toMatchObject({
      keys: ['report'],
      count: 1,
    });
    expect(selectJobAssets('', assets)).toEqual({ keys: null, count: 3, problem: undefined });
    expect(selectJobAssets('nothing', assets).problem).toMatch(/There is no asset 'nothing'/);
    expect(selectJobAssets('kind:dbt', assets).problem).toBe('Nothing of this job is selected');
    expect(selectJobAssets(selectionOfKeys(['load', 'clean']), assets).keys).toEqual(['clean', 'load']);
  });

  it('waits for a slot among the runs or in a pool, by how long this job takes', () => {
    const pool = { concurrencyKey: 'db', limit: 2, slotCount: 2, activeSlotCount: 2, pendingStepCount: 3 };

    expect(launchWait(limits, ['db'], [])).toEqual({ waits: false, text: 'starts at once' });
    expect(launchWait({ ...limits, active: 10, queued: 4 }, [], [120_000]).text).toBe(
      '10 of 10 run slots, 4 queued: would wait about 1 min',
    );
    expect(launchWait({ ...limits, pools: [pool] }, ['db'], [60_000]).text).toBe(
      'pool db 2 of 2: would wait about 2 min',
    );
    expect(launchWait({ ...limits, pools: [pool] }, ['other'], []).waits).toBe(false);
    expect(launchWait({ ...limits, maxConcurrentRuns: 0 }, [], []).text).toMatch(/until that is raised/);
  });
});

describe('the tabs of the launchpad', () => {
  const two = addSession(readSessions(''), { id: '2' });

  it('are one for a new run where the browser kept none, or nothing that can be read', () => {
    const fresh = [{ id: '1', name: 'New run', draft: {} }];

    expect(readSessions('')).toEqual(fresh);
    expect(readSessions('{"a":1}')).toEqual(fresh);
    expect(readSessions('[{"id":7}]')).toEqual(fresh);
    expect(readSessions(JSON.stringify(two))).toEqual(two);
  });

  it('get a number where a name is taken, and an id that none has', () => {
    const three = addSession(two, { id: freeId(two), name: 'Full reload', draft: { tags: 'a=b' } });

    expect(three.map(({ id, name }) => `${id} ${name}`)).toEqual([
      '1 New run',
      '2 New run 2',
      '3 Full reload',
    ]);
    expect(renameSession(three, '3', ' New run ').at(-1)?.name).toBe('New run 3');
    expect(renameSession(three, '3', '  ')).toBe(three);
  });

  it('keep what was changed, each by itself, also in a copy', () => {
    const changed = patchDraft(patchDraft(two, '2', { tags: 'a=b' }), '2', { config: 'x: 1' });
    const copied = duplicateSession(changed, '2', '3');

    expect(copied.map(({ draft }) => draft)).toEqual([
      {},
      { tags: 'a=b', config: 'x: 1' },
      { tags: 'a=b', config: 'x: 1' },
    ]);
    expect(patchDraft(copied, '3', { tags: '' })[1]?.draft.tags).toBe('a=b');
  });

  it('come back where they were once closed, and never are none', () => {
    const [first] = two;
    if (!first) throw new Error('there is no first tab');

    expect(reopenSession(closeSession(two, '1'), first, 0)).toEqual(two);
    expect(closeSession(closeSession(two, '1'), '2')).toEqual(readSessions(''));
    expect(reopenSession(two, first, 2).map(({ id }) => id)).toEqual(['1', '2', '3']);
  });
});
