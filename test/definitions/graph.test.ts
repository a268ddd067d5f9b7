import { describe, expect, test } from '@jest/globals';
import { asset, define, dynamicOutput, GraphError, graph, type Handle, job, op, z } from 'headrace';

const list = op({
  name: 'list',
  dynamic: true,
  async *run() {
    yield dynamicOutput('a', 1);
  },
});
const add = op({ name: 'add', inputs: { n: z.number() }, run: ({ inputs }) => inputs.n + 1 });
const sum = op({ name: 'sum', inputs: { ns: z.array(z.number()) }, run: ({ inputs }) => inputs.ns.length });
const one = op({ name: 'one', run: () => 1 });

function mistakesOf(compose: () => unknown): string[] {
  try {
    define({ jobs: job({ name: 'g', graph: compose }) });
    return [];
  } catch (error) {
    return (error as { mistakes: { message: string }[] }).mistakes.map(({ message }) => message);
  }
}

describe('a graph job', () => {
  test('becomes nodes with where each input comes from', () => {
    // Prepare
    const inner = graph('inner', ({ n }: { n: Handle<number> }) => add({ n: add({ n }) }));
    const etl = job({
      name: 'etl',
      graph() {
        const mapped = list().map((n) => add({ n }, { name: 'mapped' }));
        const first = inner({ n: one() });
        sum({ ns: mapped.collect() });
        sum(
          { ns: [first, first] },
          { name: 'fan_in', after: mapped, tags: { x: 'y' }, retry: { maxRetries: 2 } },
        );
      },
    });

    // Act
    const { jobs, ops } = define({ jobs: etl }).manifest('l');

    // Assess
    const nodes = new Map(jobs[0]?.nodes.map((node) => [node.name, node]));
    expect([...nodes.keys()]).toEqual(['list', 'mapped', 'one', 'inner.add', 'inner.add_2', 'sum', 'fan_in']);
    expect(nodes.get('mapped')).toMatchObject({
      op: 'add',
      mappedOver: { node: 'list', output: 'result' },
      inputs: [{ name: 'n', from: [{ node: 'list', output: 'result', collect: false }] }],
    });
    expect(nodes.get('sum')?.inputs).toEqual([
      { name: 'ns', from: [{ node: 'mapped', output: 'result', collect: true }] },
    ]);
    expect(nodes.get('fan_in')).toMatchObject({
      inputs: [{ from: [{ node: 'inner.add_2' }, { node: 'inner.add_2' }] }],
      after: ['mapped'],
      tags: { x: 'y' },
      retryPolicy: { maxRetries: 2 },
      mappedOver: null,
    });
    expect(ops.map(({ name }) => name).sort()).toEqual(['add', 'list', 'one', 'sum']);
    expect(ops.find(({ name }) => name === 'list')?.outputs).toMatchObject([
      { name: 'result', isDynamic: true },
    ]);
  });

  test('reports what is not connected, named twice or mapped over two things', () => {
    expect(mistakesOf(() => add({} as never))).toEqual(['Job g: node "add": input "n" is not connected']);
    expect(mistakesOf(() => add({ n: 3 as never }))).toEqual([
      'Job g: node "add": input "n" is not given the result of an op',
    ]);
    expect(
      mistakesOf(() => {
        one({}, { name: 'x' });
        one({}, { name: 'x' });
      }),
    ).toEqual(['Job g: two nodes are named "x"']);
    expect(
      mistakesOf(() => {
        const two = op({ name: 'two', inputs: { a: z.number(), b: z.number() }, run: () => 1 });
        list().map((a) => list({}, { name: 'again' }).map((b) => two({ a, b })));
      }),
    ).toEqual([expect.stringMatching(/node "two": its inputs are mapped over different dynamic outputs/)]);
    expect(mistakesOf(() => {})).toEqual(['Job g: its graph calls no op']);
    expect(
      mistakesOf(() => {
        throw new Error('boom');
      }),
    ).toEqual(['Job g: its graph could not be drawn: boom']);
  });

  test('cannot share the name of an op with an asset', () => {
    expect(() =>
      define({ assets: asset({ key: 'one', run: () => 1 }), jobs: job({ name: 'g', graph: () => one() }) }),
    ).toThrow(/Op one: an asset or check has an op of this name/);
  });

  test('is the only place in which ops can be called', () => {
    expect(() => one()).toThrow(GraphError);
    expect(() => graph('g', () => 1)({})).toThrow(GraphError);
  });
});
