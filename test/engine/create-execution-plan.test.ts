import fc from 'fast-check';
import { PlanError } from '../../lib/engine/errors';
import { createExecutionPlan } from '../../lib/engine/plan/create-execution-plan';
import type { ExecutionPlan } from '../../lib/model/execution-plan';
import { type AssetSketch, aManifest, aNode, jobOf } from './support/build-manifest';

const keys = (plan: ExecutionPlan) => plan.steps.map((step) => step.key);
const step = (plan: ExecutionPlan, key: string) => {
  const found = plan.steps.find((candidate) => candidate.key === key);
  if (found === undefined) throw new Error(`no step ${key} in ${keys(plan).join(', ')}`);
  return found;
};
const planError = (run: () => unknown): PlanError => {
  try {
    run();
  } catch (error) {
    if (error instanceof PlanError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('assets', () => {
  const chain = aManifest({ assets: { c: { deps: ['b'] }, b: { deps: ['a'] }, a: {} } });

  it('puts every asset after the assets it depends on', () => {
    expect(keys(createExecutionPlan(chain, jobOf(chain)))).toEqual(['a', 'b', 'c']);
  });

  it('loads an upstream asset from the step that makes it in this run', () => {
    const plan = createExecutionPlan(chain, jobOf(chain));
    expect(step(plan, 'b').inputs).toEqual([
      { name: 'a', sources: [{ kind: 'asset', asset: 'a', stepKey: 'a' }] },
    ]);
    expect(step(plan, 'b').dependsOn).toEqual(['a']);
  });

  it('loads an upstream asset that is not in the run from storage', () => {
    const plan = createExecutionPlan(chain, jobOf(chain), { assetSelection: ['b'] });
    expect(plan.steps).toHaveLength(1);
    expect(step(plan, 'b').inputs[0]?.sources).toEqual([{ kind: 'asset', asset: 'a', stepKey: null }]);
    expect(step(plan, 'b').dependsOn).toEqual([]);
  });

  it('orders by ordering dependencies without loading a value', () => {
    const manifest = aManifest({ assets: { b: { after: ['a'] }, a: {} } });
    const plan = createExecutionPlan(manifest, jobOf(manifest));
    expect(step(plan, 'b')).toMatchObject({ dependsOn: ['a'], inputs: [] });
  });

  it("loads an asset's own earlier partition from storage and does not wait for itself", () => {
    const manifest = aManifest({ assets: { a: { deps: ['a'] } } });
    const plan = createExecutionPlan(manifest, jobOf(manifest));
    expect(step(plan, 'a')).toMatchObject({
      dependsOn: [],
      inputs: [{ name: 'a', sources: [{ kind: 'asset', asset: 'a', stepKey: null }] }],
    });
  });

  it('brings everything an op makes when the op cannot be subset', () => {
    const manifest = aManifest({
      assets: { x: { op: 'both' }, y: { op: 'both' } },
      checks: [{ asset: 'y', name: 'fresh' }],
    });
    const plan = createExecutionPlan(manifest, jobOf(manifest), { assetSelection: ['x'] });
    expect(plan.steps).toHaveLength(1);
    expect(step(plan, 'both')).toMatchObject({ assets: ['x', 'y'], checks: [{ asset: 'y', name: 'fresh' }] });
  });

  it('takes only the chosen assets of an op that can be subset', () => {
    const manifest = aManifest({
      assets: { x: { op: 'both' }, y: { op: 'both' } },
      ops: { both: { canSubset: true } },
    });
    const plan = createExecutionPlan(manifest, jobOf(manifest), { assetSelection: ['y'] });
    expect(step(plan, 'both').assets).toEqual(['y']);
  });

  it('splits a subsettable op around what another op makes between its assets', () => {
    const manifest = aManifest({
      assets: {
        staging: { op: 'dbt' },
        model: { op: 'dbt', after: ['scores'] },
        scores: { deps: ['staging'] },
        apart: { op: 'dbt' },
      },
      ops: { dbt: { canSubset: true } },
    });
    const plan = createExecutionPlan(manifest, jobOf(manifest));
    expect(keys(plan)).toEqual(['dbt', 'scores', 'dbt_2']);
    expect(step(plan, 'dbt').assets).toEqual(['staging', 'apart']);
    expect(step(plan, 'dbt_2')).toMatchObject({ assets: ['model'], dependsOn: ['scores'] });
  });

  it('refuses ops that wait for each other and cannot be split', () => {
    const manifest = aManifest({
      assets: { a: { op: 'one' }, b: { op: 'two', deps: ['a'] }, c: { op: 'one', deps: ['b'] } },
    });
    expect(planError(() => createExecutionPlan(manifest, jobOf(manifest))).code).toBe('cycle');
  });

  it('carries pool, retry policy, priority and isolation of the op', () => {
    const retryPolicy = { maxRetries: 2, delaySeconds: 1 };
    const manifest = aManifest({
      assets: { a: {} },
      ops: { a: { pool: 'snowflake', retryPolicy, tags: { 'dagster/priority': '3' }, isolation: 'process' } },
    });
    expect(step(createExecutionPlan(manifest, jobOf(manifest)), 'a')).toMatchObject({
      pool: 'snowflake',
      retryPolicy,
      priority: 3,
      isolated: true,
    });
  });

  it('names what is unknown and what may have been meant', () => {
    const manifest = aManifest({ assets: { 'raw/earthquakes': {} } });
    const error = planError(() =>
      createExecutionPlan(manifest, jobOf(manifest), { assetSelection: ['raw/earthqakes'] }),
    );
    expect(error).toMatchObject({ code: 'unknown-asset', suggestions: ['raw/earthquakes'] });
    expect(error.message).toContain("Did you mean 'raw/earthquakes'?");
  });

  it('refuses external assets', () => {
    const manifest = aManifest({ assets: { outside: { op: null } } });
    const error = planError(() =>
      createExecutionPlan(manifest, jobOf(manifest), { assetSelection: ['outside'] }),
    );
    expect(error.code).toBe('not-materializable');
  });

  it('puts every step after its dependencies, whatever the graph', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat(30), { maxLength: 4 }), { minLength: 1, maxLength: 30 }),
        fc.nat(3),
        (edges, opCount) => {
          const assets: Record<string, AssetSketch> = {};
          const ops: Record<string, { canSubset: true }> = {};
          edges.forEach((targets, index) => {
            const op = opCount > 0 && index % 2 === 0 ? `multi${index % opCount}` : `a${index}`;
            ops[op] = { canSubset: true };
            const deps = [
              ...new Set(targets.filter((target) => target < index).map((target) => `a${target}`)),
            ];
            assets[`a${index}`] = { op, after: deps };
          });
          const manifest = aManifest({ assets, ops });
          const plan = createExecutionPlan(manifest, jobOf(manifest));
          const done = new Set<string>();
          const made: string[] = [];
          for (const { key, dependsOn, assets: own } of plan.steps) {
            expect(dependsOn.filter((other) => !done.has(other))).toEqual([]);
            done.add(key);
            made.push(...own);
            for (const asset of own) {
              for (const dependency of assets[asset]?.after ?? []) expect(made).toContain(dependency);
            }
          }
          expect(made.sort()).toEqual(Object.keys(assets).sort());
        },
      ),
    );
  });
});

describe('checks', () => {
  const manifest = aManifest({
    assets: { a: {}, b: { deps: ['a'] }, c: { deps: ['b'] } },
    checks: [
      { asset: 'a', name: 'own' },
      { asset: 'a', name: 'gate', op: 'a_gate', blocking: true },
      { asset: 'b', name: 'soft', op: 'b_soft' },
    ],
    ops: { a_gate: { inputs: [{ name: 'asset', description: null, hasValue: true }] } },
  });

  it('runs the checks of selected assets after them', () => {
    const plan = createExecutionPlan(manifest, jobOf(manifest), { assetSelection: ['a'] });
    expect(keys(plan)).toEqual(['a', 'a_gate']);
    expect(step(plan, 'a').checks).toEqual([{ asset: 'a', name: 'own' }]);
    expect(step(plan, 'a_gate')).toMatchObject({
      dependsOn: ['a'],
      inputs: [{ name: 'asset', sources: [{ kind: 'asset', asset: 'a', stepKey: 'a' }] }],
    });
  });

  it('holds downstream assets back until a blocking check has passed', () => {
    const plan = createExecutionPlan(manifest, jobOf(manifest));
    expect(step(plan, 'b').dependsOn.toSorted()).toEqual(['a', 'a_gate']);
    expect(step(plan, 'b').blockedBy).toEqual([{ asset: 'a', name: 'gate' }]);
    expect(step(plan, 'c').blockedBy).toEqual([]);
  });

  it('runs a check alone on what is stored', () => {
    const plan = createExecutionPlan(manifest, jobOf(manifest), {
      assetSelection: [],
      assetCheckSelection: [{ asset: 'a', name: 'gate' }],
    });
    expect(keys(plan)).toEqual(['a_gate']);
    expect(step(plan, 'a_gate').inputs[0]?.sources).toEqual([{ kind: 'asset', asset: 'a', stepKey: null }]);
  });

  it('leaves separate checks out when none is asked for', () => {
    const plan = createExecutionPlan(manifest, jobOf(manifest), {
      assetSelection: ['a', 'b'],
      assetCheckSelection: [],
    });
    expect(keys(plan)).toEqual(['a', 'b']);
    expect(step(plan, 'b').blockedBy).toEqual([]);
  });
});

describe('graphs', () => {
  const manifest = aManifest({
    jobs: [
      {
        name: 'crawl',
        nodes: [
          aNode('pages'),
          aNode('fetch', {
            inputs: [{ name: 'page', from: [{ node: 'pages', output: 'result', collect: false }] }],
            mappedOver: { node: 'pages', output: 'result' },
          }),
          aNode('join', {
            inputs: [{ name: 'all', from: [{ node: 'fetch', output: 'result', collect: true }] }],
          }),
          aNode('outer.report', {
            op: 'report',
            after: ['join'],
            inputs: [{ name: 'start', from: [{ node: 'pages', output: 'result', collect: false }] }],
          }),
        ],
      },
    ],
    ops: { report: { inputs: [{ name: 'start', description: null, hasValue: false }] } },
  });
  const job = jobOf(manifest, 'crawl');

  it('maps over a dynamic output and collects it', () => {
    const plan = createExecutionPlan(manifest, job);
    expect(keys(plan)).toEqual(['pages', 'fetch[?]', 'join', 'outer.report']);
    expect(step(plan, 'fetch[?]').mappedOver).toEqual({ stepKey: 'pages', output: 'result' });
    expect(step(plan, 'join').inputs[0]?.sources).toEqual([
      { kind: 'collect', stepKey: 'fetch[?]', output: 'result' },
    ]);
  });

  it('keeps the order of Nothing inputs and gives them no value', () => {
    const report = step(createExecutionPlan(manifest, job), 'outer.report');
    expect(report.inputs).toEqual([]);
    expect(report.dependsOn.toSorted()).toEqual(['join', 'pages']);
  });

  it('keeps chosen steps, and the dynamic step that a chosen one needs', () => {
    expect(keys(createExecutionPlan(manifest, job, { stepKeys: ['outer.report'] }))).toEqual([
      'outer.report',
    ]);
    expect(keys(createExecutionPlan(manifest, job, { stepKeys: ['fetch[a]'] }))).toEqual([
      'pages',
      'fetch[?]',
    ]);
    expect(keys(createExecutionPlan(manifest, job, { stepKeys: ['join'] }))).toEqual([
      'pages',
      'fetch[?]',
      'join',
    ]);
  });

  it('refuses a step that the job does not have', () => {
    const error = planError(() => createExecutionPlan(manifest, job, { stepKeys: ['joins'] }));
    expect(error).toMatchObject({ code: 'unknown-step', suggestions: ['join'] });
  });
});
